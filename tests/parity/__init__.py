"""The same request through every door: what each line of one table says happens in all of them."""
