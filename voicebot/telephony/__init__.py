"""The telephone line: the carrier's messages and webhooks, and the browser as a telephone."""
