"""What servespec says of itself, for people to look up: fields, rules, and facts about model servers."""
