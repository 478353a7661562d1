"""Images: finding them, reading them safely, and the caches made of them."""
