"""The pages of the local Press: what is stored, and the latest calls beside what they changed. They change nothing."""
