internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import ServiceLifecycle

/// An index behind HTTP: a JSON API, described at `/api/openapi.json`, and a page.
public struct SoraServer: Sendable {
    private let services: Services
    private let version: String
    private let logger: Logger

    /// Opens the index and plans the network.
    /// - Parameter version: what the program is called by.
    /// - Throws: `ServerError` if the options make no sense, `RetrievalError` if the index cannot be opened.
    public init(_ options: ServerOptions, version: String, logger: Logger) throws {
        try options.validate()
        services = try Services(options)
        self.version = version
        self.logger = logger
    }

    /// Serves until the process is asked to end (SIGINT, SIGTERM); then finishes what is being answered, and the file that
    /// is being indexed.
    /// - Parameter started: told the port, once requests are taken.
    /// - Throws: what keeps it from listening.
    public func run(started: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
        defer { services.uploads.close() }
        let options = services.options
        var application = Application(
            router: router(), server: .http1(configuration: .init(idleTimeout: .seconds(75))),
            configuration: .init(
                address: .hostname(options.host, port: options.port), serverName: "sora",
                availableConnectionsDelegate: .maximum(options.connections, logger: logger)),
            onServerRunning: { channel in started(channel.localAddress?.port ?? options.port) }, logger: logger)
        application.addServices(JobsService(jobs: services.jobs))
        try await application.runService()
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.add(middleware: Counting<BasicRequestContext>(metrics: services.metrics))
        let system = SystemRoutes(services: services, version: version)
        system.addOpen(to: router)
        let closed = router.group().add(middleware: Access<BasicRequestContext>(token: services.options.token))
        system.add(to: closed)
        SearchRoutes(services: services).add(to: closed)
        VideoRoutes(services: services).add(to: closed)
        JobRoutes(services: services).add(to: closed)
        LabelRoutes(services: services).add(to: closed)
        return router
    }
}

/// Ends the jobs when the server is asked to end.
private struct JobsService: Service {
    let jobs: Jobs

    func run() async throws {
        try? await gracefulShutdown()
        jobs.close()
    }
}
