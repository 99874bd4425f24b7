"""What is true: the tables, and the only queries that may ask of them."""
