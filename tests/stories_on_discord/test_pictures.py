"""A borrower's pictures in Discord: View answers who may look with a private link."""

from bot.conversation.relay import Sms, sms_received
from bot.outreach.sms import TwilioNetwork
from tests.doubles.discord_office import DiscordOffice, parts_of, read
from tests.doubles.workplace import DANAS_NUMBER


async def test_view_answers_who_works_the_lead_with_a_link_and_a_colleague_with_words(office: DiscordOffice) -> None:
    services = office.services
    services.network = TwilioNetwork("AC1", "token", "+15125550199", "http://127.0.0.1:9", "https://acme.example")
    services.public_url = "https://acme.example"
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    await office.is_told("maya", f"Yours: #{lead}")
    await sms_received(services, Sms("twilio", "MM1", DANAS_NUMBER, "", pictures=2))
    thread = await office.thread_of(lead, says="sent 2 pictures.")
    line = next(each for each in thread.history() if "sent 2 pictures." in read(each))

    hers = office.answer_of(await office.presses("maya", line, "view_pictures"))
    his = office.answer_of(await office.presses("luis", line, "view_pictures"))

    assert hers.ephemeral and his.ephemeral
    links = [each["url"] for each in parts_of(hers) if "url" in each]
    assert len(links) == 2 and all(link.startswith("https://acme.example/m/") for link in links)
    assert "These pictures are for who works the lead." in read(his)
    assert not [each for each in parts_of(his) if "url" in each]
    await services.network.close()
