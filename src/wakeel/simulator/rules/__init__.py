"""The rules by which Meta refuses, holds or drops messages that are well formed; each can be switched off."""
