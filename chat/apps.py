from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from chat import pages, sign_ins  # need the models
        from credit import causes

        sign_ins.connect()
        causes.tell("chat:message", page="chat:message")
        causes.tell("chat:conversation", page="chat:conversation", find=pages.holds_of)
