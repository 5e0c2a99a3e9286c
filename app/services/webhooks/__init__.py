"""Webhooks: what they hear of, how it is signed, sent, sent again and given up."""
