internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Media
internal import Retrieval

/// Searching by what is sent, by what is indexed, by a label, and by taste; vectors and classes of what is sent.
struct SearchRoutes: Sendable {
    let services: Services

    private struct Embedding: Encodable {
        var segments: [Vector]
        struct Vector: Encodable, Sendable {
            var start: Double
            var end: Double
            var vector: [Float]
        }
    }

    private struct Classes: Encodable {
        struct Class: Encodable, Sendable {
            var label: String
            var probability: Double
        }

        struct Part: Encodable, Sendable {
            var start: Double
            var end: Double
            var labels: [Class]
        }

        /// What the model was trained to tell; missing where it was not.
        var classes: [Class]?
        /// What the labels given in the index make of each part; missing where there are none.
        var parts: [Part]?
    }

    private struct TasteBody: Decodable {
        var more: [Int64]
        var less: [Int64]?
        var diversity: Double?
        var count: Int?
    }

    func add(to router: RouterGroup<some RequestContext>) {
        router.post("/api/search") { request, _ in
            let (part, filter, count) = (try request.part(), try request.filter(), try request.count())
            let (upload, analysis) = try await receive(request)
            return try await answer(analysis, part, filter, count, upload: upload)
        }
        router.get("/api/search") { request, _ in
            let (part, filter, count) = (try request.part(), try request.filter(), try request.count())
            if let id: String = try request.value("upload") {
                let upload = try services.uploads.upload(id)
                return try await answer(try await analysis(of: upload), part, filter, count, upload: id)
            }
            if let id = try videoNumber(request) {
                let video = try await services.video(id)
                let known = try await services.lookups.run { catalogue, _ in
                    try AnalyzedVideo(video, in: catalogue)
                }
                guard let analysis = known else { throw Failure(.notFound, "there is no video \(id) any more") }
                var others = filter
                others.without = try request.value("own", Bool.self) == true ? nil : id
                return try await answer(analysis, part, others, count, upload: nil)
            }
            let (like, label): (Int64?, String?) = (try request.value("like"), try request.value("label"))
            let found = try await moments { search in
                if let like { return try search.moments(likeSegment: like, count: count, filter: filter) }
                if let label { return try search.moments(labelled: label, count: count, filter: filter) }
                throw Failure(.badRequest, "say what to search by: upload, video, url, like or label; or POST a file")
            }
            return try JSONAnswer.response(SearchAnswer(moments: found))
        }
        router.post("/api/recommend") { request, _ in
            let (body, filter) = (try await request.json(TasteBody.self), try request.filter())
            guard (1...1000).contains(body.count ?? 20), (0...1).contains(body.diversity ?? 0) else {
                throw Failure(.badRequest, "count lies from 1 to 1000, and diversity from 0 to 1")
            }
            let found = try await moments { search in
                let taste = Taste(more: body.more, less: body.less ?? [], diversity: body.diversity ?? 0)
                return try search.moments(for: taste, count: body.count ?? 20, filter: filter)
            }
            return try JSONAnswer.response(SearchAnswer(moments: found))
        }
        router.post("/api/embed") { request, _ in
            let (_, analysis) = try await receive(request)
            let vectors = analysis.segments.map {
                Embedding.Vector(start: $0.start.seconds, end: $0.end.seconds, vector: $0.vector)
            }
            return try JSONAnswer.response(Embedding(segments: vectors))
        }
        router.post("/api/classify") { request, _ in
            let (id, analysis) = try await receive(request)
            let upload = try services.uploads.upload(id)
            let classes = try await services.analyses.run { desk, _ in
                try desk.classes(upload.path, from: nil, to: nil)?.map {
                    Classes.Class(label: $0.label, probability: $0.probability)
                }
            }
            let parts = try await services.searches.run { desk, _ -> [Classes.Part]? in
                guard let tagger = try desk.tagger() else { return nil }
                return try analysis.segments.map { segment in
                    let labels = zip(tagger.names, try tagger.probabilities(segment.vector))
                    return Classes.Part(
                        start: segment.start.seconds, end: segment.end.seconds,
                        labels: labels.map { Classes.Class(label: $0, probability: $1) }
                            .sorted { $0.probability > $1.probability })
                }
            }
            guard classes != nil || parts != nil else {
                throw Failure(
                    .conflict,
                    "there is nothing to classify by: the model was trained for no classes, and no segment has a label")
            }
            return try JSONAnswer.response(Classes(classes: classes, parts: parts))
        }
    }

    /// The video that a search is by: its number, or the URL of one of this server's.
    private func videoNumber(_ request: Request) throws -> Int64? {
        if let id: Int64 = try request.value("video") { return id }
        guard let url: String = try request.value("url") else { return nil }
        let parts = url.prefix { $0 != "?" && $0 != "#" }.split(separator: "/")
        guard let place = parts.lastIndex(of: "videos"), place + 1 < parts.count, let id = Int64(parts[place + 1])
        else {
            throw Failure(.badRequest, "url is that of a video of this server, as /api/videos/12")
        }
        return id
    }

    /// Takes what is sent, and looks at it.
    private func receive(_ request: Request) async throws -> (upload: String, analysis: AnalyzedVideo) {
        let upload = try await services.uploads.receive(request)
        do { return (upload.id, try await analysis(of: upload)) } catch {
            services.uploads.drop(upload.id)
            throw error
        }
    }

    private func analysis(of upload: Upload) async throws -> AnalyzedVideo {
        if let known = upload.analysis { return known }
        let path = upload.path
        let analysis = try await services.analyses.run { desk, deadline in
            try desk.analyze(path, from: nil, to: nil, deadline)
        }
        services.uploads.keep(analysis, of: upload.id)
        return analysis
    }

    private func answer(
        _ whole: AnalyzedVideo, _ part: (from: Double?, to: Double?), _ filter: MomentFilter, _ count: Int,
        upload: String?
    ) async throws -> Response {
        let (start, end) = (part.from ?? 0, part.to ?? .infinity)
        guard let query = part == (nil, nil) ? whole : whole.part(from: start, to: end) else {
            throw Failure(.badRequest, "the query has no frame from \(start) to \(end) s; it lasts \(whole.duration) s")
        }
        let found = try await moments { try $0.moments(like: query, count: count, filter: filter) }
        return try JSONAnswer.response(
            SearchAnswer(
                upload: upload, duration: whole.duration, warnings: query.warnings.isEmpty ? nil : query.warnings,
                moments: found))
    }

    /// What a search finds, as answers.
    private func moments(_ find: @escaping @Sendable (MomentSearch) throws -> [Moment]) async throws -> [MomentAnswer] {
        let found = try await services.searches.run { desk, _ in
            let moments = try find(desk.current())
            return (moments: moments, labels: try desk.catalogue.labels(of: moments.map(\.segment)))
        }
        return found.moments.map { MomentAnswer($0, found.labels[$0.segment] ?? [], services.library) }
    }
}
