/// What a server serves, to whom, and how much of the machine it may take for it.
public struct ServerOptions: Sendable {
    /// The index: a folder that `sora index add` made.
    public var index: String
    /// The folder that videos are served from and indexed from. Nothing outside it is.
    public var library: String
    /// The address to listen on. Any but loopback needs a token.
    public var host = "127.0.0.1"
    /// The port; 0 for any that is free.
    public var port = 8080
    /// What requests have to show, as a bearer token or a cookie; nil for nothing.
    public var token: String?
    /// Bytes of an upload.
    public var uploadLimit = 512 << 20
    /// Seconds that a query may last, and that may pass until it is answered.
    public var queryLength = 600.0
    /// Seconds that a request may take, waiting included.
    public var patience = 30.0
    /// Requests that may wait for their turn; more are told to come again.
    public var waiting = 16
    /// Connections at a time; more wait until one is closed.
    public var connections = 256

    public init(index: String, library: String) {
        self.index = index
        self.library = library
    }

    /// Whether only this machine can reach the server.
    public var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// - Throws: `ServerError` if the options make no sense together.
    public func validate() throws {
        guard isLoopback || token != nil else {
            throw ServerError("listening on \(host) lets other machines in: give a --token that they have to show")
        }
        if let token,
            token.utf8.count < 16
                || !token.utf8.allSatisfy({
                    (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x2C && $0 != 0x3B && $0 != 0x5C
                })
        {
            throw ServerError(
                "a token has at least 16 printable characters without space, quote, comma, semicolon or backslash")
        }
    }
}

/// Why a server cannot start.
public struct ServerError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, and what to do.
    public let description: String

    public init(_ description: String) { self.description = description }
}
