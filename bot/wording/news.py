"""What is more than that a borrower did something."""

from bot.updates import News
from bot.wording.plain import plain


def news_in_words(news: News, language: str) -> str:
    """That they want a call now, are back after long, or have another grade; empty where there is nothing."""
    told = {"wants_call": news.wants_call, "days": news.back_after_days, "grade": news.grade, "before": news.grade_before}
    return plain.say("news", language, **told)
