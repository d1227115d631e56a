internal import CPage
internal import Hummingbird
internal import Retrieval

/// The page, and how the server is.
struct SystemRoutes: Sendable {
    let services: Services
    let version: String

    private struct Health: Encodable {
        var status = "ok"
        var version: String
        var videos: Int
        var segments: Int
        var model: String
        var canClassify: Bool
    }

    /// Without a token: what holds nothing of the library.
    func addOpen(to router: Router<some RequestContext>) {
        router.get("/") { _, _ in Self.file(.page, "text/html; charset=utf-8") }
        router.get("/app.js") { _, _ in Self.file(.script, "text/javascript; charset=utf-8") }
        router.get("/app.css") { _, _ in Self.file(.style, "text/css; charset=utf-8") }
        router.get("/api/openapi.json") { _, _ in Self.file(.description, "application/json; charset=utf-8") }
    }

    func add(to router: RouterGroup<some RequestContext>) {
        router.get("/api/health") { _, _ in
            let health = try await services.searches.run { [version] desk, _ in
                Health(
                    version: version, videos: try desk.catalogue.videoCount(),
                    segments: try desk.catalogue.segmentCount(),
                    model: desk.catalogue.settings.model == "default" ? "default" : "own",
                    canClassify: try desk.tagger() != nil)
            }
            return try JSONAnswer.response(health)
        }
        router.get("/metrics") { _, _ in
            let counts = try await services.lookups.run { catalogue, _ in
                (videos: try catalogue.videoCount(), segments: try catalogue.segmentCount())
            }
            let gauges: [(String, String, Double)] = [
                ("sora_videos", "Videos of the index.", Double(counts.videos)),
                ("sora_segments", "Segments of the index.", Double(counts.segments)),
                ("sora_searches_waiting", "Searches that are worked on or wait.", Double(services.searches.waiting)),
                ("sora_analyses_waiting", "Uploads that are looked at or wait.", Double(services.analyses.waiting)),
                ("sora_pictures_waiting", "Pictures that are made or wait.", Double(services.pictures.waiting)),
                ("sora_jobs_open", "Jobs that run or wait.", Double(services.jobs.all.count { !$0.isOver })),
            ]
            let text = services.metrics.text(gauges.map { (name: $0.0, help: $0.1, value: $0.2) })
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        router.post("/api/session") { _, _ in
            var response = Response(status: .noContent)
            if let token = services.options.token {
                response.headers[.setCookie] =
                    "\(Access<BasicRequestContext>.cookieName)=\(token); HttpOnly; SameSite=Strict; Path=/"
            }
            return response
        }
    }

    private enum Part { case page, script, style, description }

    private static func file(_ part: Part, _ type: String) -> Response {
        let (start, size) =
            switch part {
            case .page: unsafe (sora_page(), sora_page_size())
            case .script: unsafe (sora_script(), sora_script_size())
            case .style: unsafe (sora_style(), sora_style_size())
            case .description: unsafe (sora_description(), sora_description_size())
            }
        let buffer = unsafe ByteBuffer(bytes: UnsafeBufferPointer(start: start, count: size))
        return Response(
            status: .ok,
            headers: [.contentType: type, .cacheControl: "no-cache", .contentLength: "\(buffer.readableBytes)"],
            body: ResponseBody(byteBuffer: buffer))
    }
}
