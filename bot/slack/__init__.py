"""The front end in Slack: it translates between what people do there and the use cases."""
