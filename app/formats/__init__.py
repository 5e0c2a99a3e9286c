"""Bytes to rows and back; knows no business."""
