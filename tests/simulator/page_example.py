# ruff: noqa
import requests
import json

API_Url = "https://minitoolai.com/api/chat-completions/"
API_Key = "MiniToolAI_API_Key"

headers = {"Content-Type": "application/json", "Authorization": f"Bearer {API_Key}"}

data = {
    "model": "gpt-4o-mini",  # gpt-4o, gpt-4.1, gpt-4.1-mini, gpt-4.1-nano
    "messages": [
        {"role": "developer", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "How can I help you today?"},
        {"role": "user", "content": "What's the largest U.S. state by area?"},
    ],
    "temperature": 1.0,
    "max_completion_tokens": 1000,
}

response = requests.post(API_Url, headers=headers, json=data, stream=True)
