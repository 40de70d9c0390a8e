"""The door between nodes: one address, one bearer token a peer."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrity.exchange import receiver, wire
from integrity.models import PEER, Peer


def admitted(request: HttpRequest) -> Peer | None:
    """The peer whose token the request bears."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        return None
    return Peer.objects.visible_to(PEER).filter(token_hash=Peer.hash(token.strip())).first()


@csrf_exempt
@require_POST
def batches(request: HttpRequest) -> JsonResponse:
    """Take one batch of a lower node (contract.md; trust.md 3.1)."""
    peer = admitted(request)
    if peer is None:
        response = JsonResponse({"error": "token", "message": "缺少令牌，或者令牌无效"}, status=401)
        response["WWW-Authenticate"] = 'Bearer realm="exchange"'
        return response
    if int(request.headers.get("Content-Length") or 0) > wire.MAX_BODY:
        return JsonResponse({"error": "too-large", "message": "批次超过 8 MiB，请减少条数"}, status=413)
    answer = receiver.take(request.body, peer)
    return JsonResponse(answer.body, status=answer.status, json_dumps_params={"ensure_ascii": False})
