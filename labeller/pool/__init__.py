"""Images: finding them, reading them safely, and caching them."""
