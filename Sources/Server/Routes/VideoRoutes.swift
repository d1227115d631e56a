internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Retrieval

/// The videos of the index: what is known of them, their pictures, and their bytes.
struct VideoRoutes: Sendable {
    let services: Services

    private struct List: Encodable {
        var total: Int
        var videos: [VideoAnswer]
    }

    private struct Whole: Encodable {
        var video: VideoAnswer
        var segments: [SegmentAnswer]
    }

    func add(to router: RouterGroup<some RequestContext>) {
        router.get("/api/videos") { request, _ in
            let filter = try request.filter()
            let (offset, count) = (Int(try request.number("offset", in: 0...1e9) ?? 0), try request.count(50))
            let library = services.library
            let list = try await services.lookups.run { catalogue, _ in
                let all = try catalogue.videos().filter(filter.accepts)
                return List(
                    total: all.count, videos: all.dropFirst(offset).prefix(count).map { VideoAnswer($0, library) })
            }
            return try JSONAnswer.response(list)
        }
        router.get("/api/videos/:id") { _, context in
            let video = try await services.video(context.parameters.require("id", as: Int64.self))
            let library = services.library
            let whole = try await services.lookups.run { catalogue, _ in
                Whole(
                    video: VideoAnswer(video, library),
                    segments: try catalogue.segments(of: video.id).map { try SegmentAnswer($0, catalogue) })
            }
            return try JSONAnswer.response(whole)
        }
        router.get("/api/videos/:id/thumbnail") { request, context in
            let video = try await services.video(context.parameters.require("id", as: Int64.self))
            let path = try services.file(of: video)
            let time = try request.number("time", in: 0...1e9) ?? video.duration / 2
            let width = Int(try request.number("width", in: 16...1280) ?? 320)
            let bytes = try await services.pictures.run { pictures, deadline in
                try pictures.still(path, stamp: Self.stamp(video), at: time, width: width, deadline)
            }
            return Self.made(bytes, "image/jpeg", request)
        }
        router.get("/api/videos/:id/preview") { request, context in
            let video = try await services.video(context.parameters.require("id", as: Int64.self))
            let path = try services.file(of: video)
            let part = try request.part()
            let width = Int(try request.number("width", in: 16...640) ?? 320)
            let start = part.from ?? 0
            let bytes = try await services.pictures.run { pictures, deadline in
                try pictures.film(
                    path, stamp: Self.stamp(video), from: start, to: part.to ?? start + 4, width: width, deadline)
            }
            return Self.made(bytes, "video/mp4", request)
        }
        router.get("/api/videos/:id/file") { request, context in
            try await file(request, context)
        }
        router.head("/api/videos/:id/file") { request, context in
            try await file(request, context)
        }
    }

    private static func stamp(_ video: IndexedVideo) -> String { "\(video.id) \(video.stamp.digest)" }

    /// What was made of a video, or the part of it that is asked for.
    private static func made(_ bytes: [UInt8], _ type: String, _ request: Request) -> Response {
        var headers: HTTPFields = [
            .contentType: type, .cacheControl: "private, max-age=3600", .acceptRanges: "bytes",
        ]
        switch ByteRange(request.headers[.range], size: bytes.count) {
        case .none:
            headers[.contentRange] = "bytes */\(bytes.count)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        case .all:
            headers[.contentLength] = "\(bytes.count)"
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(bytes.count)"
            headers[.contentLength] = "\(range.count)"
            return Response(
                status: .partialContent, headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes[range])))
        }
    }

    private func file(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let video = try await services.video(context.parameters.require("id", as: Int64.self))
        let path = try services.file(of: video)
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let size = (attributes[.size] as? NSNumber)?.intValue
        else { throw Failure(.notFound, "the file is there no more") }
        let kind = path.split(separator: ".").last.flatMap {
            MediaType.getMediaType(forExtension: String($0).lowercased())
        }
        var headers: HTTPFields = [
            .contentType: kind?.description ?? "application/octet-stream", .acceptRanges: "bytes",
            .eTag: "\"\(String(video.stamp.digest, radix: 16))-\(size)\"",
        ]
        let range = ByteRange(request.headers[.range], size: size)
        let part: ClosedRange<Int>?
        switch range {
        case .none:
            headers[.contentRange] = "bytes */\(size)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        case .all: part = size > 0 ? 0...size - 1 : nil
        case .part(let asked):
            part = asked
            headers[.contentRange] = "bytes \(asked.lowerBound)-\(asked.upperBound)/\(size)"
        }
        headers[.contentLength] = "\(part?.count ?? 0)"
        let status: HTTPResponse.Status = range == .all ? .ok : .partialContent
        guard request.method == .get, let part else { return Response(status: status, headers: headers) }
        return Response(
            status: status, headers: headers,
            body: try await FileIO().loadFile(path: path, range: part, context: context))
    }
}
