"""The bot to compare with, put together from pipecat's own parts; a script for an environment of its own.

It is run as `python bot.py PORT PARTS.json` (see `rival.parts`), knows nothing of voicebot, and is made as pipecat's
documentation has it for a telephone: FastAPI WebSocket transport, TwilioFrameSerializer, Whisper, LLM context
aggregators with Silero VAD, Piper, interruptions allowed. It tells the end of a turn in one of two ways, by the path
that is called: `/smart-turn`, its default (VAD `stop_secs` 0.2 s, smart-turn v3.2 from the wheel, the transcript), and
`/silence`, its simpler one (VAD, 0.6 s, the transcript). What was chosen beside that, each in its favour or with no
choice:

- The pipeline takes in 16 kHz, since WhisperSTTService hands the model the sound as it comes; it sends 8 kHz.
- Where a language model would stand, `NearestAnswer` takes the answer of the nearest example and says it, always: no
  language model could be sooner, and nothing is asked back.
- The examples' vectors are ready, and Whisper, Piper and the embedding model are loaded once and have run once, before
  the first call; pipecat itself would load Whisper and Piper anew in every call.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", LOGURU_LEVEL="WARNING")

import numpy as np
import pipecat.services.piper.tts as piper_service
import pipecat.services.whisper.stt as whisper_service
import uvicorn
from fastapi import FastAPI, WebSocket
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import Frame, LLMContextFrame, TTSSpeakFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.runner.utils import parse_telephony_websocket
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.services.piper.tts import PiperTTSService
from pipecat.services.whisper.stt import WhisperSTTService
from pipecat.transcriptions.language import Language
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.workers.runner import WorkerRunner
from sentence_transformers import SentenceTransformer

whisper_service.WhisperModel = cache(whisper_service.WhisperModel)
piper_service.PiperVoice.load = cache(piper_service.PiperVoice.load)


class Carrier(TwilioFrameSerializer):
    """The carrier's messages; one who hangs up closes the line, which a carrier would do itself."""

    def __init__(self, stream: str, hung_up: Callable[[], Awaitable[None]]) -> None:
        super().__init__(stream, params=TwilioFrameSerializer.InputParams(auto_hang_up=False))
        self._hung_up = hung_up

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """A message as a frame."""
        if '"stop"' in str(data):
            await self._hung_up()
        return await super().deserialize(data)


Answer = Callable[[str], Awaitable[str]]
"""A caller's words → the text of the answer whose example lies nearest."""


class NearestAnswer(FrameProcessor):
    """In the place of a language model: a caller's turn → the approved text to be spoken."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Answer what the caller said last; a turn without words is not answered."""
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame):
            await self.push_frame(frame, direction)
            return
        messages = frame.context.get_messages()
        if messages and messages[-1].get("role") == "user":
            await self.push_frame(TTSSpeakFrame(await self._answer(str(messages[-1]["content"]))))


def answering(parts: dict[str, Any]) -> Answer:
    """Load the embedding model and the examples' vectors."""
    model = SentenceTransformer(parts["embeddings"], device="cpu", local_files_only=True)
    vectors = np.load(parts["vectors"])

    def nearest(words: str) -> str:
        query = model.encode([f"query: {words}"], normalize_embeddings=True, show_progress_bar=False)
        return str(parts["texts"][parts["answers"][int(np.argmax(vectors @ query[0]))]])

    nearest("Hvornår har I åbent?")

    async def answer(words: str) -> str:
        return await asyncio.to_thread(nearest, words)

    return answer


def hearing(parts: dict[str, Any]) -> WhisperSTTService:
    """Whisper base in int8 on the processor, in Danish."""
    settings = WhisperSTTService.Settings(model=parts["whisper"], language=Language.DA)
    return WhisperSTTService(device="cpu", compute_type="int8", settings=settings)


def speaking(parts: dict[str, Any]) -> PiperTTSService:
    """Piper in this process, with the voice that the other bot has."""
    voice = Path(parts["voice"])
    return PiperTTSService(download_dir=voice.parent, settings=PiperTTSService.Settings(voice=voice.stem))


async def carry(websocket: WebSocket, parts: dict[str, Any], answer: Answer, turns: UserTurnStrategies) -> None:
    """One call, from the carrier's start message until it hangs up."""
    _, call = await parse_telephony_websocket(websocket)

    async def end(*_: object) -> None:
        await worker.cancel()

    serializer = Carrier(call["stream_id"], end)
    sound = FastAPIWebsocketParams(audio_in_enabled=True, audio_out_enabled=True, serializer=serializer)
    transport = FastAPIWebsocketTransport(websocket, sound)
    heard = LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer(), user_turn_strategies=turns)
    caller, bot = LLMContextAggregatorPair(LLMContext(), user_params=heard)
    stages = [
        transport.input(),
        hearing(parts),
        caller,
        NearestAnswer(answer),
        speaking(parts),
        transport.output(),
        bot,
    ]
    worker = PipelineWorker(Pipeline(stages), params=PipelineParams(audio_out_sample_rate=8000))

    async def greet(*_: object) -> None:
        await worker.queue_frame(TTSSpeakFrame(parts["greeting"]))

    transport.add_event_handler("on_client_connected", greet)
    transport.add_event_handler("on_client_disconnected", end)
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


def serve(port: int, parts: dict[str, Any]) -> None:
    """Load and try the models, then take calls until stopped."""
    answer = answering(parts)
    hearing(parts)._model.transcribe(np.zeros(16000, np.float32), language="da")
    list(speaking(parts)._voice.synthesize("Goddag."))
    app = FastAPI()

    @app.get("/readyz")
    def ready() -> str:
        return "ok"

    @app.websocket("/smart-turn")
    async def smart_turn(websocket: WebSocket) -> None:
        await websocket.accept()
        await carry(websocket, parts, answer, UserTurnStrategies())

    @app.websocket("/silence")
    async def silence(websocket: WebSocket) -> None:
        await websocket.accept()
        await carry(websocket, parts, answer, UserTurnStrategies(stop=[SpeechTimeoutUserTurnStopStrategy()]))

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve(int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text("utf-8")))
