"""The fixed Twilio account of the sandbox: its keys, its service, its numbers, and what it says about errors."""

import re

ACCOUNT_SID = "AC00000000000000000000000000001ead"
AUTH_TOKEN = "sandbox-auth-token"
SERVICE_SID = "MG00000000000000000000000000001ead"
"""A Messaging Service that has every number of the account in its pool."""
NUMBERS = ("+15125550199",)
API_VERSION = "2010-04-01"
ROOT = f"/{API_VERSION}/Accounts/{ACCOUNT_SID}"
NUMBER = re.compile(r"\+1[2-9]\d{2}[2-9]\d{6}|\+(?!1)[1-9]\d{7,14}")
"""E.164: what a number must look like to be one, more narrowly in North America."""
MAGIC = re.compile(r"\+150055([23]\d{4})")
"""A number that ends in an error code runs into that error."""
MISHAPS = {
    21211: "Invalid 'To' Phone Number",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number",
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30034: "US A2P 10DLC - Message from an Unregistered Number",
    30036: "Validity Period Expired",
}
FIRST_AFTER_CREATION = 30_000
"""Codes below refuse the call that creates a message; those from here on come with its status later."""
