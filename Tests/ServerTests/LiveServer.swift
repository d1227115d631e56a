import Datasets
import Foundation
import Hummingbird
import Logging
import Media
import Neural
import Retrieval
import SoraModel
import Synchronization

import Server

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

typealias TestContext = BasicRequestContext

/// A server over an index of a few clips of motion, with weights by chance, on a port of its own; for all tests.
struct LiveServer: Sendable {
    let url: String
    let folder: String
    /// The folder of videos: four of each of three classes, and a file that is none.
    var library: String { folder + "/videos" }
    var index: String { folder + "/index" }
    let token: String?

    static let shared = Task { try await LiveServer(token: nil) }
    static let locked = Task { try await LiveServer(token: "0123456789abcdef") }

    private static let root: String = {
        atexit { try? FileManager.default.removeItem(atPath: LiveServer.root) }
        return FileManager.default.temporaryDirectory.appending(path: "sora-server-\(UUID().uuidString)").path
    }()

    init(token: String?) async throws {
        folder = Self.root + "/" + UUID().uuidString
        self.token = token
        let library = folder + "/videos"
        try MotionClips.write(
            to: library, classes: ["grow", "move-left", "turn-clockwise"], clipsPerClass: 4, frames: 24, size: 48,
            seed: 5)
        try Data("no video".utf8).write(to: URL(fileURLWithPath: library + "/broken.mp4"))
        let clip = ClipFormat(
            specification: ClipSpecification(frames: 4, height: 32, width: 32, fit: .stretch, margin: 1),
            mean: [0.45, 0.45, 0.45], deviation: [0.25, 0.25, 0.25])
        let model = try Model(
            ModelConfiguration(
                preset: "test", clip: clip,
                backbone: .residual(
                    Backbone.Residual(stemKernel: 3, stemChannels: 8, stemPooling: false, channels: [16], blocks: [1])),
                temporal: Temporal(gridChannels: 8, hidden: 16, fusion: .mean), embeddingSize: 24, head: Head(),
                labels: ["no", "yes"]), seed: 3)
        model.shelf.isHeadTrained = false
        try model.write(to: folder + "/model.safetensors")
        let backend = OneDNNBackend(precision: .automatic, choice: .measuredOnce, quantization: nil)
        let analyzer = try VideoAnalyzer(model, backend: backend, options: .init())
        let catalogue = try Self.catalogue(folder + "/index", folder + "/model.safetensors", model, analyzer)
        try Indexer(catalogue, analyzer, fingerprint: model.fingerprint).add(
            Manifest.videos(at: [library]).filter { !$0.hasSuffix("broken.mp4") }
        ) { _, _ in true }
        var options = ServerOptions(index: folder + "/index", library: library)
        (options.port, options.token, options.uploadLimit) = (0, token, 1 << 20)
        let server = try SoraServer(
            options, version: "test", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let port = await withCheckedContinuation { continuation in
            let once = Mutex<CheckedContinuation<Int, Never>?>(continuation)
            Task.detached {
                try? await server.run { port in once.withLock { $0.take() }?.resume(returning: port) }
                once.withLock { $0.take() }?.resume(returning: 0)
            }
        }
        guard port > 0 else { throw ServerError("the server did not start") }
        url = "http://127.0.0.1:\(port)"
    }

    private static func catalogue(_ folder: String, _ path: String, _ model: Model, _ analyzer: VideoAnalyzer) throws
        -> Catalogue
    {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return try Catalogue(
            creating: IndexFiles(folder: folder).catalogue,
            settings: IndexSettings(
                model: path, fingerprint: model.fingerprint, dimensions: analyzer.dimensions, cutting: .init()))
    }

    struct Answer {
        var status: Int
        var headers: [String: String]
        var body: Data

        /// The body as a JSON object.
        var object: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }
        var list: [[String: Any]] { (try? JSONSerialization.jsonObject(with: body)) as? [[String: Any]] ?? [] }
        /// What an error says.
        var message: String { ((object["error"] as? [String: Any])?["message"] as? String) ?? "" }
        /// The moments of a search, as name of the video and segment.
        var moments: [[String: Any]] { object["moments"] as? [[String: Any]] ?? [] }
    }

    func ask(
        _ path: String, method: String = "GET", body: Data? = nil, headers: [String: String] = [:], shows: Bool = true
    ) async throws -> Answer {
        guard let place = URL(string: url + path) else { throw ServerError("no URL: \(path)") }
        var request = URLRequest(url: place)
        request.httpMethod = method
        request.httpBody = body
        request.httpShouldHandleCookies = false
        if shows, let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await URLSession.shared.data(for: request)
        guard let http = response as? HTTPURLResponse else { throw ServerError("no answer") }
        var found: [String: String] = [:]
        for (name, value) in http.allHeaderFields { found["\(name)".lowercased()] = "\(value)" }
        return Answer(status: http.statusCode, headers: found, body: data)
    }

    func send(_ path: String, _ method: String, _ body: [String: Any]) async throws -> Answer {
        try await ask(
            path, method: method, body: JSONSerialization.data(withJSONObject: body),
            headers: ["Content-Type": "application/json"])
    }

    /// The state of a job once it is over.
    func finished(_ job: Answer) async throws -> [String: Any] {
        guard let id = job.object["id"] as? Int else { throw ServerError("no job: \(job.message)") }
        while true {
            let state = try await ask("/api/jobs/\(id)").object
            if ["done", "failed", "cancelled"].contains(state["state"] as? String) { return state }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    func clip(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: library + "/" + name)) }
}
