internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Retrieval
internal import Synchronization

/// What a client sent, for as long as it may be searched by.
struct Upload: Sendable {
    /// What the client calls it by: nobody guesses it.
    let id: String
    let path: String
    let received: ContinuousClock.Instant
    /// How the model sees all of it.
    var analysis: AnalyzedVideo?
}

/// Files that clients sent: on disk, in a folder of their own, for a quarter of an hour, and the oldest go where they take
/// too much room.
final class Uploads: Sendable {
    private let folder: String
    private let limit: Int
    private let kept = Mutex<[Upload]>([])
    /// Files that are kept at most, and seconds that they are.
    private static let (most, seconds) = (32, 900)

    /// - Parameter limit: bytes of a file.
    /// - Throws: `ServerError` if there is no place for them.
    init(limit: Int) throws {
        self.limit = limit
        let place = FileManager.default.temporaryDirectory.path + "/sora-uploads-" + Self.name()
        do {
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw ServerError("\(place): cannot be made, for uploads (\(error.localizedDescription))") }
        folder = place
    }

    /// Removes all.
    func close() { try? FileManager.default.removeItem(atPath: folder) }

    /// 128 bits that nobody guesses.
    private static func name() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(random.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Writes what comes to disk as it comes.
    /// - Throws: `Failure` for more than the limit, or nothing.
    func receive(_ request: Request) async throws -> Upload {
        if let text = request.headers[.contentLength], let length = Int(text), length > limit { throw tooLarge }
        let upload = Upload(id: Self.name(), path: "", received: .now)
        let path = folder + "/" + upload.id
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: path)
        else { throw Failure(HTTPResponse.Status(code: 507), "there is no room for the upload") }
        var size = 0
        do {
            defer { try? file.close() }
            for try await buffer in request.body {
                size += buffer.readableBytes
                guard size <= limit else { throw tooLarge }
                try file.write(contentsOf: Data(buffer.readableBytesView))
            }
            guard size > 0 else {
                throw Failure(.badRequest, "the body is empty; send a video or a picture as it is, not as a form")
            }
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
        let whole = Upload(id: upload.id, path: path, received: upload.received)
        keep(whole)
        return whole
    }

    private var tooLarge: Failure { Failure(.contentTooLarge, "an upload may have \(limit >> 20) MiB at most") }

    private func keep(_ upload: Upload) {
        let gone = kept.withLock { kept in
            kept.append(upload)
            let old = kept.prefix { $0.received.duration(to: .now) > .seconds(Self.seconds) }.count
            let gone = Array(kept.prefix(max(old, kept.count - Self.most)))
            kept.removeFirst(gone.count)
            return gone
        }
        for upload in gone { try? FileManager.default.removeItem(atPath: upload.path) }
    }

    /// - Throws: `Failure` if it is not there any more.
    func upload(_ id: String) throws -> Upload {
        guard let upload = kept.withLock({ $0.first { $0.id == id } }) else {
            throw Failure(.notFound, "there is no such upload any more; send the file again")
        }
        return upload
    }

    /// Keeps how the model sees it.
    func keep(_ analysis: AnalyzedVideo, of id: String) {
        kept.withLock { kept in
            if let place = kept.firstIndex(where: { $0.id == id }) { kept[place].analysis = analysis }
        }
    }

    /// Lets go of one that turned out to be no video.
    func drop(_ id: String) {
        let upload = kept.withLock { kept in kept.firstIndex { $0.id == id }.map { kept.remove(at: $0) } }
        if let upload { try? FileManager.default.removeItem(atPath: upload.path) }
    }
}
