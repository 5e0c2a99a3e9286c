"""The answers of the service, each shape declared once: typed dictionaries that services return and the contract shows.

A member that may be missing is `NotRequired`; one that may be null says so. At run time they are plain dictionaries.
"""
