"""The sending policy that ships: `default.toml` and one calendar a country. Read by `wakeel.policy_files`."""
