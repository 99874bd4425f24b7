"""Whole days in minutes: what is said by the clocks of people in many places, and when it waits."""
