/// Why an index could not be made, read, changed or searched.
public struct RetrievalError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. Open: switch over it with a default.
    public struct Code: Hashable, Sendable {
        let name: String
        /// What was asked for makes no sense.
        public static let request = Code(name: "request")
        /// The catalogue cannot be read or written, or is none.
        public static let catalogue = Code(name: "catalogue")
        /// The vectors cannot be read, written or searched.
        public static let vectors = Code(name: "vectors")
        /// The vectors are another model's.
        public static let model = Code(name: "model")
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
