/// Why a model could not be made, loaded, saved or used.
public struct ModelError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. Open: switch over it with a default.
    public struct Code: Hashable, Sendable {
        let name: String
        /// A configuration that makes no sense.
        public static let configuration = Code(name: "configuration")
        /// A file that is no model, or a damaged one.
        public static let file = Code(name: "file")
        /// Frames that are not what the model takes.
        public static let input = Code(name: "input")
    }

    /// What kind of failure it was.
    public let code: Code
    /// What was wrong, with which file, and what to do about it.
    public let message: String
    /// Where in the source it was thrown.
    public let location: String

    public init(_ code: Code, _ message: String, file: StaticString = #fileID, line: UInt = #line) {
        self.code = code
        self.message = message
        self.location = "\(file):\(line)"
    }

    public var description: String { message }
}
