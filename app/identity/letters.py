"""The words of our letters. None holds a name that its reader did not choose themselves:
whoever joins with someone else's address can't make us write to them."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import mail
from app.core.encryption import Encryption

_GREETING = "Hello,\n\n"
_FAREWELL = (
    "\n\nWith warm wishes,\nAlongside\n\n"
    "If you need help now: Samaritans, 116 123, day and night. In danger: 999.\n"
)
_NOT_YOU = "If this wasn't you, you don't need to do anything: without this link nothing happens."


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, ready to send."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Letterbox:
    """What letters are sealed with, and the address of the site their links lead to."""

    encryption: Encryption
    origin: str

    def link(self, path: str, token: str) -> str:
        """The token stands behind `#`, which browsers send to no server and to no other page."""
        return f"{self.origin}/{path}#token={token}"

    async def send(self, session: AsyncSession, *, to: str, letter: Letter) -> None:
        """Queue the letter, sealed; it leaves once the unit of work has committed."""
        await mail.queue(session, self.encryption, to=to, subject=letter.subject, text=letter.text)


def _letter(subject: str, *paragraphs: str) -> Letter:
    return Letter(subject, _GREETING + "\n\n".join(paragraphs) + _FAREWELL)


def verification(letterbox: Letterbox, token: str) -> Letter:
    """To someone who has just joined."""
    return _letter(
        "Please confirm your e-mail address",
        "Welcome to Alongside. Open this link to confirm your address, then sign in:",
        letterbox.link("verify", token),
        "The link works for three days. " + _NOT_YOU,
    )


def already_joined(letterbox: Letterbox, token: str) -> Letter:
    """To someone who has an account already and joins again, or forgot that they did."""
    return _letter(
        "You already have an account",
        "You, or someone who typed your address, asked to join Alongside. You already have an "
        f"account here, so we haven't made a new one. You can sign in: {letterbox.origin}/sign-in",
        "If you don't remember your password, choose a new one here:",
        letterbox.link("reset-password", token),
        "The link works for two hours. " + _NOT_YOU,
    )


def finish_joining(letterbox: Letterbox, token: str) -> Letter:
    """To someone who joins again before the first letter was opened."""
    return _letter(
        "Finish joining Alongside",
        "You, or someone who typed your address, has begun to join Alongside. To finish, choose "
        "your password here. That confirms your address too:",
        letterbox.link("reset-password", token),
        "The link works for two hours. You can change your name in the settings once you're in. "
        + _NOT_YOU,
    )


def already_verified(letterbox: Letterbox, _: str) -> Letter:
    """To someone who asks for the first letter again and needs none."""
    return _letter(
        "Your address is already confirmed",
        "You, or someone who typed your address, asked for another e-mail to confirm it. It is "
        f"confirmed already, so you can simply sign in: {letterbox.origin}/sign-in",
    )


def new_password(letterbox: Letterbox, token: str) -> Letter:
    """To someone who can't remember their password."""
    return _letter(
        "Choose a new password",
        "You asked for a link to choose a new password. Here it is:",
        letterbox.link("reset-password", token),
        "The link works for two hours, once. " + _NOT_YOU,
    )


def password_changed(letterbox: Letterbox) -> Letter:
    """To the owner, so that nobody changes it behind their back."""
    return _letter(
        "Your password was changed",
        "Your password at Alongside has just been changed. Other devices that were signed in have "
        "been signed out.",
        f"If this wasn't you, choose a new password now: {letterbox.origin}/forgotten-password",
    )


def change_of_address(letterbox: Letterbox, token: str) -> Letter:
    """To the new address."""
    return _letter(
        "Please confirm your new e-mail address",
        "Open this link to use this address for Alongside from now on:",
        letterbox.link("confirm-email", token),
        "The link works for one day. " + _NOT_YOU,
    )


def address_in_use(letterbox: Letterbox, _: str) -> Letter:
    """To the owner of an address that another account asked for."""
    return _letter(
        "This address already has an account",
        "Someone asked to use this address for another account at Alongside. If that was you: this "
        f"address has an account of its own. You can sign in with it: {letterbox.origin}/sign-in",
        "If it wasn't you, you don't need to do anything. Nothing has been changed.",
    )


def address_changed(_: Letterbox) -> Letter:
    """To the former address."""
    return _letter(
        "Your e-mail address was changed",
        "Your account at Alongside now has another e-mail address. We won't write to this one "
        "again.",
        "If this wasn't you, please tell us at once: reply to this e-mail.",
    )


def second_factor_set(letterbox: Letterbox) -> Letter:
    """To the owner, when an authenticator app was set up."""
    return _letter(
        "A second step was set up for your account",
        "From now on, signing in asks for a code from your authenticator app.",
        f"If this wasn't you, choose a new password now: {letterbox.origin}/forgotten-password",
    )


def second_factor_asked_off(letterbox: Letterbox) -> Letter:
    """To the owner, before it happens."""
    return _letter(
        "Someone asked us to take the second step off your account",
        "An administrator of Alongside was told that you lost your phone and your recovery codes, "
        "and asked for the second step to be taken off your account. It happens once another "
        "administrator agrees. Then your password alone is enough to sign in.",
        "If it wasn't you who asked, please tell us at once by replying to this e-mail, and "
        "choose a new password: "
        f"{letterbox.origin}/forgotten-password",
    )


def second_factor_taken_off(letterbox: Letterbox) -> Letter:
    """To the owner, when others have taken it off."""
    return _letter(
        "The second step was taken off your account",
        "Your account at Alongside no longer asks for a code when you sign in, and every device "
        f"was signed out. You can sign in with your password: {letterbox.origin}/sign-in",
        f"Please set up a code app again once you're in: {letterbox.origin}/settings/second-factor",
        "If it wasn't you who asked for this, choose a new password now: "
        f"{letterbox.origin}/forgotten-password",
    )


def second_factor_turned_off(letterbox: Letterbox) -> Letter:
    """To the owner, so that nobody does it behind their back."""
    return _letter(
        "The second step was turned off for your account",
        "From now on your password alone is enough to sign in. Your other devices were signed out.",
        f"If this wasn't you, choose a new password now: {letterbox.origin}/forgotten-password",
    )


def closed(_: Letterbox) -> Letter:
    """The last letter."""
    return _letter(
        "Your account is closed",
        "Your account at Alongside is closed, and we've deleted your e-mail address and password. "
        "This is our last e-mail. Thank you for being here. You're welcome back any time.",
    )
