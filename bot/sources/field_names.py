"""What senders call things: one table from the names in use to the fields of a lead, for requests and for spreadsheet headers."""

import re
from functools import lru_cache

# Names are written as they are compared: lower case, letters and digits only. A field with a dot is a part of consent or attribution.
# `street`, `city`, `state`, `zip` say no address in particular; `id` and `request_id` stand in when there is no external_id.
_NAMES = {
    "first_name": "firstname fname first forename givenname namefirst",
    "last_name": "lastname lname last surname familyname namelast",
    "full_name": "fullname name namefull completename firstandlastname",
    "phone": "phone phones phonenumber phonenumbers phone1 phone2 phone3 phoneno tel telephone tel1 tel2 telephonenumber dayphone "
    "eveningphone secondaryphone altphone alternatephone phonesnumber phonenumberverified bestphone phoneprimary phonesecondary",
    "mobile_phone": "mobile mobilephone mobilenumber mobilephonenumber cell cellphone cellphonenumber cellnumber cellular phonemobile "
    "phonecell mobiletel",
    "home_phone": "homephone homephonenumber phonehome hometel landline",
    "work_phone": "workphone workphonenumber phonework businessphone officephone worktel",
    "email": "email emails emailaddress emailaddresses email1 email2 mail emailsaddress workemail personalemail emailid emailaddresstext",
    "external_id": "externalid externalreference leadid leadguid leaduuid leadnumber vendorleadid sellerleadid leadgenid trackingnumber "
    "dataid payloadid recordid",
    "id": "id uuid guid",
    "request_id": "requestid rid submissionid entryid responseid referenceid",
    "submitted_at": "submittedat submissiondate submissiontime submitted submittime leadsubmittime created createdat createdtime "
    "createdate creationdate datecreated timestamp datetime requestdate requestassignmentdate leaddate receivedat receiveddate dateadded "
    "datereceived",
    "best_time": "besttime besttimetocall besttimetocontact timetocontact timetocall calltime contacttime whentocall preferredcontacttime "
    "preferredtime preferredcalltime",
    "language": "language lang preferredlanguage languagepreference spokenlanguage",
    "intent": "intent leadintent requesttype inquirytype applicationtype typeofrequest typeofinquiry",
    "purpose": "purpose loanpurpose loanpurposetype mortgagepurpose loanrequesttype loangoal goal loanrequestpurpose lookingto "
    "transactiontype",
    "loan_type": "loantype loanprogram program desiredprograms mortgagetype loanproduct product ratetype ratetype1 desiredratetype",
    "loan_amount": "loanamount amount loanamt desiredloanamount desiredlaonamount requestedloanamount mortgageamount amountneeded "
    "loanrequested loanamountrequested borrowedamount",
    "property_value": "propertyvalue homevalue estimatedvalue estimatedhomevalue estimatedpropertyvalue housevalue valueofhome "
    "currentvalue propertyestimatedvalue presentvalue",
    "purchase_price": "purchaseprice homeprice propertyprice newhomevalue listprice listingprice askingprice offerprice budget pricerange "
    "estimatedpurchaseprice targetprice",
    "down_payment": "downpayment downpaymentamount estimateddownpayment downpaymentpercent downpaymentpercentage percentdown deposit",
    "mortgage_balance": "mortgagebalance currentbalance loanbalance balance firstmortgagebalance existingbalance currentmortgagebalance "
    "balanceowed amountowed mortgageowed currentloanbalance",
    "income": "income annualincome yearlyincome grossincome grossannualincome annualgrossincome householdincome annualhouseholdincome "
    "totalincome combinedincome monthlyincome grossmonthlyincome monthlygrossincome estimatedincome incomeamount borrowerincome",
    "current_rate": "currentrate mortgagerate interestrate currentinterestrate rate currentmortgagerate firstmortgagerate existingrate",
    "cash_out": "cashout cashoutamount desiredcashout cashoutrequested additionalcash cashneeded cashoutdesired",
    "credit": "credit creditrating creditscore creditband creditrange creditscorerange creditprofile creditgrade fico ficoscore "
    "selfcreditrating estimatedcredit estimatedcreditscore creditquality creditestimate",
    "credit_low": "creditlow creditscorelow creditscoremin mincreditscore ficolow",
    "credit_high": "credithigh creditscorehigh creditscoremax maxcreditscore ficohigh",
    "property_use": "propertyuse propertyusage propertyusagetype occupancy occupancytype usage homeuse useofproperty intendeduse",
    "property_type": "propertytype hometype typeofhome typeofproperty housetype dwellingtype",
    "street": "street address address1 addressline1 streetaddress streetline1 street1 addressstreet",
    "city": "city town addresscity contactcity",
    "state": "state stateabbreviation stateabbr statecode region province addressstate stateprovince usstate",
    "zip": "zip zipcode postalcode postcode postal zip5 addresszip addresszipcode addresspostalcode zippostalcode",
    "property_county": "county propertycounty propertyaddresscounty",
    "military": "military ismilitary servedinmilitary veteranmilitary veteran isveteran militaryservice vaeligible militaryveteran",
    "first_time_buyer": "firsttimebuyer firsttimehomebuyer firsttime isfirsttimebuyer firsthome firsttimehome",
    "past_client": "pastclient ispastclient existingclient existingcustomer returningclient returningcustomer repeatclient previousclient",
    "referral": "referral isreferral referred wasreferred",
    "has_agent": "hasagent agent workingwithagent workingwithrealestateagent workingwithrealtor hasrealtor realestateagent realtor",
    "found_home": "foundhome foundahome selectedproperty homefound foundproperty propertyfound",
    "under_contract": "undercontract purchaseagreement purchasecontract signedpurchaseagreement incontract purchaseagreementsigned",
    "bankruptcy": "bankruptcy hasbankruptcy hadbankruptcy filedbankruptcy bankruptcystatus",
    "foreclosure": "foreclosure hasforeclosure hadforeclosure foreclosurestatus",
    "time_frame": "timeframe timeline timing purchasetimeframe purchasetimeline daysfrombuying howsoon whenbuying buyingtimeline "
    "purchasetiming loantimeframe buytimeframe movedate",
    "comments": "comments comment message notes note msg questions question additionalinfo additionalinformation howcanwehelp inquiry "
    "remarks yourmessage additionalcomments",
    "trigger_basis": "triggerbasis triggerleadbasis permissiblebasis prescreenbasis",
    "price": "price cost leadprice leadcost payout bid",
    "consent.given": "consent consentgiven tcpa tcpaconsent tcpaoptin optin smsoptin smsconsent textconsent contactconsent "
    "consenttocontact permissiontocontact",
    "consent.text": "consenttext tcpatext tcpadisclosure tcpalanguage tcpaconsenttext consentlanguage disclosure disclaimertext optintext",
    "consent.version": "consentversion tcpaversion disclosureversion consenttextversion",
    "consent.url": "consenturl consentpage pageurl sourceurl formurl siteurl websiteurl consentpageurl optinurl",
    "consent.given_at": "consentat consentgivenat consenttimestamp consentdate consenttime tcpatimestamp tcpadate optindate optintime "
    "optintimestamp",
    "consent.ip": "ip ipaddress consentip clientip remoteip userip leadip optinip consentipaddress",
    "consent.user_agent": "useragent browseruseragent consentuseragent ua",
    "consent.trustedform_url": "trustedform trustedformurl trustedformcert trustedformcerturl trustedformcertificate trustedformtoken "
    "trustedformcertificateurl xxtrustedformcerturl xxtrustedformtoken xxtrustedformpingurl tfcerturl tfcert consenttrustedformurl",
    "consent.jornaya_id": "jornaya jornayaid jornayaleadid jornayatoken universalleadid leadidtoken jornayaleadidtoken consentjornayaid",
    "consent.sellers": "sellers consentsellers marketingpartners namedsellers consentedsellers partners",
    "attribution.source": "source leadsource trafficsource",
    "attribution.medium": "medium",
    "attribution.campaign": "campaign campaignname adcampaign",
    "attribution.campaign_id": "campaignid utmid",
    "attribution.ad_group": "adgroup adgroupname adset adsetname",
    "attribution.ad_group_id": "adgroupid adsetid",
    "attribution.ad": "ad adname creative",
    "attribution.ad_id": "adid creativeid",
    "attribution.keyword": "keyword keywords searchterm",
    "attribution.utm_source": "utmsource",
    "attribution.utm_medium": "utmmedium",
    "attribution.utm_campaign": "utmcampaign",
    "attribution.utm_term": "utmterm",
    "attribution.utm_content": "utmcontent",
    "attribution.gclid": "gclid gclickid",
    "attribution.gbraid": "gbraid",
    "attribution.wbraid": "wbraid",
    "attribution.fbclid": "fbclid",
    "attribution.msclkid": "msclkid",
    "attribution.ttclid": "ttclid",
    "attribution.landing_page": "landingpage landingpageurl landingurl lpurl",
    "attribution.referrer": "referrer referer referrerurl refererurl referringurl",
}
_ADDRESSES = {
    "property": ("property", "propertyaddress", "subjectproperty", "subjectpropertyaddress", "listing"),
    "mailing": ("mailing", "mailingaddress", "current", "currentaddress", "currentmailingaddress", "residence", "residenceaddress"),
}
_ADDRESS_PARTS = {
    "street": "street street1 streetaddress address address1 addressline1 line1",
    "city": "city",
    "state": "state statecode stateabbreviation",
    "zip": "zip zipcode postalcode postal",
}
# Objects that only wrap the lead; those of a person or a part of the lead; and words that only say again whose field it is.
_ENVELOPES = frozenset(["data", "payload", "body", "fields", "formfields", "record", "lead"])
_PARTS = frozenset(
    [
        "borrower",
        "primaryborrower",
        "contact",
        "customer",
        "consumer",
        "applicant",
        "prospect",
        "client",
        "buyer",
        "person",
        "sender",
        "details",
        "loan",
        "address",
        "attribution",
        "tracking",
        "marketing",
        "contactinfo",
        "leadinfo",
    ]
)
_OWNERS = [
    "primaryborrower",
    "borrower",
    "primary",
    "lead",
    "contact",
    "customer",
    "consumer",
    "client",
    "applicant",
    "prospect",
    "buyer",
    "your",
]
_IDS = ("external_id", "id", "request_id")  # the id of a contact is not the id of a request
_LONGEST_NAME = 100


def _table() -> dict[str, str]:
    table = {name: field for field, names in _NAMES.items() for name in names.split()}
    for address, prefixes in _ADDRESSES.items():
        for part, names in _ADDRESS_PARTS.items():
            table |= {prefix + name: f"{address}_{part}" for prefix in prefixes for name in names.split()}
    return table


_FIELD_OF = _table()
OUR_FIELDS = frozenset(_FIELD_OF.values())
"""The names of ours that a sender's field may get."""
_NOT_COMPARED = re.compile(r"[\W_]+")
_BETWEEN_LEVELS = re.compile(r"[.\[\]/]+")


def plain_name(name: str) -> str:
    """A sender's name for a field as names are compared: lower case, letters and digits only."""
    return _NOT_COMPARED.sub("", name[:_LONGEST_NAME]).lower()


def levels_of(name: str) -> list[str]:
    """The names of which a nested one is made, the outermost first, as they are compared; places in a list are left out."""
    levels = [plain_name(level) for level in _BETWEEN_LEVELS.split(name)]
    return [level for level in levels if level and not level.isdigit()]


@lru_cache(maxsize=4096)
def known_header(name: str) -> str | None:
    """The canonical field that a sender's name means, nested names dotted or in brackets; None when nobody knows it.

    "First Name", "borrower[first_name]" and "data.lead.firstName" all are first_name.
    """
    if len(name) > _LONGEST_NAME:
        return None
    levels = levels_of(name)
    in_envelopes = True
    while levels:
        name = "".join(levels)
        field = _FIELD_OF.get(name) or _without_owner(name)
        if field is not None:
            return field if in_envelopes or field not in _IDS else None
        if len(levels) == 1 or levels[0] not in _ENVELOPES | _PARTS:
            return None
        in_envelopes = in_envelopes and levels[0] in _ENVELOPES
        levels = levels[1:]
    return None


def _without_owner(name: str) -> str | None:
    for owner in _OWNERS:
        field = _FIELD_OF.get(name.removeprefix(owner)) if name.startswith(owner) else None
        if field is not None and field not in _IDS:
            return field
    return None
