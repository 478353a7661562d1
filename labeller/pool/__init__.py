"""Images: finding them, reading them safely, and caches of them."""
