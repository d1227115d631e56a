/// Work that takes longer than a request.
struct Job: Encodable, Sendable {
    enum Kind: String, Codable, Sendable { case index, duplicates, train }
    enum State: String, Encodable, Sendable { case waiting, running, done, failed, cancelled }

    struct FileFailure: Encodable, Sendable {
        var file: String
        var message: String
    }

    /// Copies of a video, to clients.
    struct Group: Encodable, Sendable {
        struct Copy: Encodable, Sendable {
            var video: VideoAnswer
            var probability: Double
            /// The shared footage in the one to keep and in this, in seconds.
            var kept: [Double]
            var own: [Double]
            var differences: [String]
        }

        var keep: VideoAnswer
        var copies: [Copy]
    }

    /// What a label was spread to.
    struct Spread: Encodable, Sendable {
        var label: String
        var given: Int
        var spread: Int
    }

    let id: Int
    let kind: Kind
    var state = State.waiting
    /// Files, or videos, that are done, and of how many.
    var done = 0
    var total = 0
    /// What is worked on.
    var current: String?
    /// Of index jobs.
    var indexed = 0
    var unchanged = 0
    var removed = 0
    var failures: [FileFailure] = []
    var failed = 0
    /// Why it failed as a whole.
    var message: String?
    /// Of duplicates jobs.
    var groups: [Group]?
    /// Of train jobs: what each label was spread to, and of how many of those given the classifier is right without having
    /// seen their video.
    var labels: [Spread]?
    var accuracy: Double?
    /// Grows with each change.
    var version = 0

    var isOver: Bool { state == .done || state == .failed || state == .cancelled }

    init(id: Int, kind: Kind) { (self.id, self.kind) = (id, kind) }

    /// Notes a file that cannot be used; of many, the first hundred are named.
    mutating func fail(_ file: String, _ message: String) {
        failed += 1
        if failures.count < 100 { failures.append(FileFailure(file: file, message: message)) }
    }
}
