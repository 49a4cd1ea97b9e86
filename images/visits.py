"""One look after one claimed picture: hand over, ask, fetch. No transaction is open meanwhile."""

import asyncio

import structlog
from channels.db import database_sync_to_async

import minitoolai
from images import files, queue, reports
from images.models import ImageJob, State
from images.reports import Look
from minitoolai import Client, MiniToolAIError

logger = structlog.get_logger(__name__)


async def visit(job: ImageJob, *, client: Client) -> Look | None:
    """Do what the job's state asks for and write it back; whatever goes wrong is on the row.

    Answers what a look found: the caller writes that back, together with others. An error nobody
    foresaw leaves the lease to run out; after five such takeovers it ends.
    """
    with structlog.contextvars.bound_contextvars(request_id=job.request_id):
        try:
            return await _visit(job, client=client)
        except Exception:
            logger.exception("image.visit_failed", job=str(job.pk), state=job.state)
            return None


async def _visit(job: ImageJob, *, client: Client) -> Look | None:
    if job.takeovers >= queue.MAX_TAKEOVERS:
        await _finish(job, code="poisoned")
    elif job.state == State.SUBMITTING:
        await _hand_over(job, client=client)
    elif job.image_url:
        await _fetch(job, client=client)
    else:
        return await _look(job, client=client)
    return None


async def _hand_over(job: ImageJob, *, client: Client) -> None:
    try:
        accepted = await client.submit_image(job.recipe)
    except MiniToolAIError as error:
        await database_sync_to_async(reports.refuse)(job, error=error)
    else:
        await database_sync_to_async(reports.accept)(
            job, jobid=accepted.jobid, signature=accepted.signature
        )


async def _look(job: ImageJob, *, client: Client) -> Look | None:
    ticket = minitoolai.ImageJob(jobid=job.jobid, signature=job.signature)
    try:
        status = await client.image_status(ticket)
    except MiniToolAIError as error:
        await database_sync_to_async(reports.look_again)(job, error=error)
        return None
    if status.state == "failed":
        await _finish(job, code="upstream_failed", detail=status.message)
    elif status.state == "done" and status.image_url:
        return Look(job, status.image_url)
    elif reports.is_overdue(job):
        await database_sync_to_async(reports.look_again)(job)
    else:
        return Look(job)
    return None


async def _fetch(job: ImageJob, *, client: Client) -> None:
    try:
        data = await client.download_image(job.image_url)
        stored = await asyncio.to_thread(files.store, job, data)
    except files.UnusableImage as error:
        logger.warning("image.unusable", job=str(job.pk), why=str(error)[:200])
        await _finish(job, code="unusable")
    except OSError:
        logger.exception("image.not_stored", job=str(job.pk))
        await database_sync_to_async(reports.retry_download)(job)
    except MiniToolAIError as error:
        logger.warning("image.not_fetched", job=str(job.pk), code=error.code)
        if error.retryable:
            await database_sync_to_async(reports.retry_download)(job)
        else:
            await _finish(job, code="unusable")
    else:
        await database_sync_to_async(reports.deliver)(job, stored=stored)


async def _finish(job: ImageJob, *, code: str, detail: str = "") -> None:
    await database_sync_to_async(reports.finish)(
        job, state=State.FAILED, error_code=code, detail=detail
    )
