"""The Home tab, and when it is published anew."""
