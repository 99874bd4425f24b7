"""People, divisions, roles, policies and programs, for those who administer them."""
