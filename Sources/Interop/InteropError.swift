/// Why a model or a run could not be written for other programs.
public struct InteropError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. Open: switch over it with a default.
    public struct Code: Hashable, Sendable {
        let name: String
        /// An operation of the network that the other format has no word for.
        public static let unsupported = Code(name: "unsupported")
        /// More bytes than the format holds.
        public static let tooLarge = Code(name: "tooLarge")
        /// A file that could not be written.
        public static let file = Code(name: "file")
    }

    /// What kind of failure it was.
    public let code: Code
    /// What was wrong, with which file or operation, and what to do about it.
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
