/// Why a media file could not be read or written: what was wrong, with which file, and what to do about it.
public struct MediaError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. Open: switch over it with a default.
    public struct Code: Hashable, Sendable {
        let name: String
        /// The file is not there, or may not be read.
        public static let unreadable = Code(name: "unreadable")
        /// The file is not a video that the decoder knows.
        public static let unsupported = Code(name: "unsupported")
        /// The file has no video stream.
        public static let noVideo = Code(name: "noVideo")
        /// The file is a video, but its data is broken beyond the damage policy.
        public static let damaged = Code(name: "damaged")
        /// The time or index asked for is not in the video, or a size makes no sense.
        public static let badRequest = Code(name: "badRequest")
        /// The output could not be written.
        public static let unwritable = Code(name: "unwritable")
    }

    /// What kind of failure it was.
    public let code: Code
    /// The file at fault, as the caller named it.
    public let path: String
    /// What was wrong, in one clause.
    public let message: String
    /// What the user can do about it, in one sentence; empty where nothing is known to help.
    public let remedy: String
    /// The failure beneath, in the words of the library that reported it.
    public let cause: String?
    /// Where in the source it was thrown.
    public let location: String

    public init(
        _ code: Code, path: String, _ message: String, remedy: String = "", cause: String? = nil,
        file: StaticString = #fileID, line: UInt = #line
    ) {
        self.code = code
        self.path = path
        self.message = message
        self.remedy = remedy
        self.cause = cause
        self.location = "\(file):\(line)"
    }

    /// `path: message (cause). remedy`
    public var description: String {
        let reason = cause.map { " (\($0))" } ?? ""
        return "\(path): \(message)\(reason)." + (remedy.isEmpty ? "" : " \(remedy)")
    }
}
