/// Why a dataset could not be used: what was wrong, in which file and line, and what to do about it.
public struct DatasetError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. Open: switch over it with a default.
    public struct Code: Hashable, Sendable {
        let name: String
        /// The manifest or folder is not there, or may not be read.
        public static let unreadable = Code(name: "unreadable")
        /// The manifest's text is not what its format asks for.
        public static let malformed = Code(name: "malformed")
        /// A column that is needed is not there.
        public static let missingColumn = Code(name: "missingColumn")
        /// There is nothing to learn from: no clips, or a class without any.
        public static let empty = Code(name: "empty")
        /// A label is not among the classes.
        public static let unknownLabel = Code(name: "unknownLabel")
        /// Files that the manifest names are not there.
        public static let missingFiles = Code(name: "missingFiles")
        /// The clips cannot be split as asked.
        public static let unsplittable = Code(name: "unsplittable")
        /// A number asked for makes no sense.
        public static let badRequest = Code(name: "badRequest")
        /// A clip could not be decoded.
        public static let undecodable = Code(name: "undecodable")
    }

    /// What kind of failure it was.
    public let code: Code
    /// The file or folder at fault, as the caller named it.
    public let path: String
    /// The line of the file, from 1, where one is at fault.
    public let line: Int?
    /// What was wrong, in one clause.
    public let message: String
    /// What the user can do about it, in one sentence; empty where nothing is known to help.
    public let remedy: String
    /// The failure beneath, in the words of what reported it.
    public let cause: String?
    /// Where in the source it was thrown.
    public let location: String

    public init(
        _ code: Code, path: String, line: Int? = nil, _ message: String, remedy: String = "", cause: String? = nil,
        file: StaticString = #fileID, sourceLine: UInt = #line
    ) {
        self.code = code
        self.path = path
        self.line = line
        self.message = message
        self.remedy = remedy
        self.cause = cause
        self.location = "\(file):\(sourceLine)"
    }

    /// `path:line: message (cause). remedy`
    public var description: String {
        let place = path + (line.map { ":\($0)" } ?? "")
        let reason = cause.map { " (\($0))" } ?? ""
        return "\(place): \(message)\(reason)." + (remedy.isEmpty ? "" : " \(remedy)")
    }
}
