import { createHash } from 'node:crypto'
import { GraphError } from '../../http/errors.ts'
import { bytesReply, emptyReply, jsonReply } from '../../http/exchange.ts'
import type { Reply } from '../../http/exchange.ts'
import { refuseTooLarge } from '../../routes/request-json.ts'
import type { GroupCall } from './calls.ts'
import type { GroupPhoto } from './state.ts'

function photoOf({ group }: GroupCall): GroupPhoto {
  if (group.photo !== undefined) return group.photo
  throw new GraphError(
    404,
    'ImageNotFound',
    'Exception of type Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException was thrown.',
  )
}

/** https://learn.microsoft.com/graph/api/profilephoto-get */
export function getPhoto(call: GroupCall): Reply {
  const { bytes, contentType, width, height } = photoOf(call)
  const etag = createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase()
  return jsonReply(200, {
    '@odata.context': `${call.context.origin()}/v1.0/$metadata#groups('${call.group.id}')/photo/$entity`,
    '@odata.mediaContentType': contentType,
    '@odata.mediaEtag': `"${etag}"`,
    id: `${String(width)}x${String(height)}`,
    width,
    height,
  })
}

export function getPhotoValue(call: GroupCall): Reply {
  const { bytes, contentType } = photoOf(call)
  return bytesReply(bytes, contentType)
}

/** https://learn.microsoft.com/graph/api/profilephoto-update: up to 4 MB. */
export function putPhoto({ group, request }: GroupCall): Reply {
  refuseTooLarge(request)
  const contentType = request.headers['content-type'] ?? ''
  if (!contentType.startsWith('image/')) {
    throw new GraphError(400, 'ErrorInvalidArgument', 'The content type of the picture is not supported.')
  }
  group.photo = { bytes: request.body, contentType, width: 648, height: 648 }
  return emptyReply(200)
}

export function deletePhoto(call: GroupCall): Reply {
  photoOf(call)
  call.group.photo = undefined
  return emptyReply(204)
}
