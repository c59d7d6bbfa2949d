"""What is seen of a pod that pulls through an injector, and the fault that it shows."""

from __future__ import annotations

from injector_conformance.cluster import faults
from injector_conformance.cluster.faults import Fault
from tests.cluster.said import DIGESTS, IMAGE, PULLED, READY, URL, Json, ended, failed

COMMIT = f'failed commit on ref "layer-sha256:{"b" * 64}": commit failed: '
NOT_FOUND = f'failed to resolve reference "{IMAGE}": {IMAGE}: not found'
UNAVAILABLE = (
    f'failed to resolve reference "{IMAGE}": pulling from host 127.0.0.1:31999 failed with status'
    " code [manifests 1]: 503 Service Unavailable"
)
REQUEST = f'failed to resolve reference "{IMAGE}": failed to do request: Head '
WRONG = f"{COMMIT}unexpected commit digest {DIGESTS}: failed precondition"

PULLS: list[tuple[str, Fault, Json, tuple[tuple[str, str], ...]]] = [
    ("another digest", faults.WRONG_BYTES, READY, (failed(WRONG),)),
    ("another digest, once", faults.WRONG_BYTES, READY, (failed(WRONG), PULLED)),
    (
        "longer",
        faults.WRONG_LENGTH,
        READY,
        (failed(f"{COMMIT}failed size validation: 10340 != 10240: failed precondition"),),
    ),
    (
        "shorter",
        faults.CUT_SHORT,
        READY,
        (failed("failed to read expected number of bytes: unexpected EOF"),),
    ),
    (
        "a type of no manifest",
        faults.WRONG_TYPE,
        READY,
        (failed(f"unexpected media type text/html for sha256:{'a' * 64}: not found"),),
    ),
    ("never there", faults.NOT_SERVED, READY, (failed(NOT_FOUND),)),
    (
        "a layer is missing",
        faults.NOT_SERVED,
        READY,
        (
            failed(
                "failed to copy: httpReadSeeker: failed open: could not fetch content descriptor"
                f" sha256:{'a' * 64} (application/vnd.oci.image.layer.v1.tar) from remote:"
                " not found"
            ),
        ),
    ),
    ("not there yet", faults.READY_TOO_EARLY, READY, (failed(NOT_FOUND), PULLED)),
    ("not willing yet", faults.READY_TOO_EARLY, READY, (failed(UNAVAILABLE), PULLED)),
    ("never willing", faults.SERVER_ERROR, READY, (failed(UNAVAILABLE),)),
    (
        "a blob that fails",
        faults.SERVER_ERROR,
        READY,
        (
            failed(
                "failed to copy: httpReadSeeker: failed open: unexpected status code"
                f" http://{URL}/blobs/sha256:{'a' * 64}: 500 Internal Server Error"
            ),
        ),
    ),
    (
        "no HTTP",
        faults.NO_HTTP,
        READY,
        (
            failed(
                f'{REQUEST}"http://{URL}/manifests/1": net/http: HTTP/1.x transport connection'
                ' broken: malformed HTTP status code "registry"'
            ),
        ),
    ),
    ("closed", faults.PULL_CLOSED, READY, (failed(f'{REQUEST}"http://{URL}/manifests/1": EOF'),)),
    (
        "closed at TLS",
        faults.NO_FALLBACK,
        READY,
        (failed(f'{REQUEST}"https://{URL}/manifests/1": EOF'),),
    ),
    (
        "words at TLS",
        faults.NO_FALLBACK,
        READY,
        (
            failed(
                f'{REQUEST}"https://{URL}/manifests/1": tls: first record does not look like a TLS'
                " handshake"
            ),
        ),
    ),
    (
        "a runtime that wants TLS",
        faults.TLS_ONLY,
        READY,
        (
            failed(
                f'{REQUEST}"https://{URL}/manifests/1": http: server gave HTTP response to HTTPS'
                " client"
            ),
        ),
    ),
    (
        "a port that leads nowhere",
        faults.NO_PORT,
        READY,
        (failed(f'{REQUEST}"http://{URL}/manifests/1": dial tcp: connect: connection refused'),),
    ),
    ("the node's own store", faults.UNNAMED, READY, (failed("no space left on device"),)),
    (
        "died at the pull's first request",
        faults.DIED_AT_REQUEST,
        ended(139),
        (failed(f'{REQUEST}"http://{URL}/manifests/1": EOF'),),
    ),
    (
        "died before the pull",
        faults.DIED_SERVING,
        ended(1),
        (failed(f'{REQUEST}"http://{URL}/manifests/1": dial tcp: connect: connection refused'),),
    ),
]
