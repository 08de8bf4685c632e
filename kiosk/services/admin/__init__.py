"""What administrators and operators do; every call names its actor."""
