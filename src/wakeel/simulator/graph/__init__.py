"""The Graph API around the messages: account, number, templates, files."""
