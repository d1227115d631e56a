internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore

/// Jobs: indexing, looking for copies, training on labels; their progress as it goes.
struct JobRoutes: Sendable {
    let services: Services

    private struct Body: Decodable {
        var kind: Job.Kind
        /// Of index jobs: files and folders within the library; all of it where missing.
        var paths: [String]?
        var removeMissing: Bool?
        /// Of duplicates jobs.
        var probability: Double?
        var coverage: Double?
        /// Of train jobs.
        var above: Double?
    }

    func add(to router: RouterGroup<some RequestContext>) {
        router.get("/api/jobs") { _, _ in try JSONAnswer.response(services.jobs.all) }
        router.post("/api/jobs") { request, _ in
            let job = try start(await request.json(Body.self))
            return try JSONAnswer.response(job, status: .accepted)
        }
        router.get("/api/jobs/:id") { _, context in try JSONAnswer.response(job(context)) }
        router.delete("/api/jobs/:id") { _, context in
            let job = try job(context)
            services.jobs.cancel(job.id)
            return Response(status: .noContent)
        }
        router.get("/api/jobs/:id/events") { _, context in
            let (id, jobs) = (try job(context).id, services.jobs)
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
                body: ResponseBody { writer in
                    var (seen, quiet) = (-1, 0)
                    while !Task.isCancelled, !jobs.isClosed, let job = jobs.job(id) {
                        if job.version != seen {
                            let data = String(decoding: try JSONEncoder().encode(job), as: UTF8.self)
                            try await writer.write(ByteBuffer(string: "event: progress\ndata: \(data)\n\n"))
                            (seen, quiet) = (job.version, 0)
                            if job.isOver { break }
                        } else {
                            quiet += 1
                            // Whoever is between would close what says nothing.
                            if quiet % 50 == 0 { try await writer.write(ByteBuffer(string: ": still at it\n\n")) }
                        }
                        try await Task.sleep(for: .milliseconds(250))
                    }
                    try await writer.finish(nil)
                })
        }
    }

    private func job(_ context: some RequestContext) throws -> Job {
        let id = try context.parameters.require("id", as: Int.self)
        guard let job = services.jobs.job(id) else { throw Failure(.notFound, "there is no job \(id)") }
        return job
    }

    private func start(_ body: Body) throws -> Job {
        let (index, library) = (services.options.index, services.library)
        func share(_ name: String, _ value: Double?, _ standard: Double) throws -> Double {
            guard (0...1).contains(value ?? standard) else { throw Failure(.badRequest, "\(name) lies from 0 to 1") }
            return value ?? standard
        }
        switch body.kind {
        case .index:
            let work = IndexJob(
                index: index, library: library, paths: try (body.paths ?? [""]).map(library.resolve),
                removesMissing: body.removeMissing ?? false)
            return try services.jobs.start(.index) { try work.run($0) }
        case .duplicates:
            let work = DuplicatesJob(
                index: index, library: library, probability: try share("probability", body.probability, 0.95),
                coverage: try share("coverage", body.coverage, 0.5))
            return try services.jobs.start(.duplicates) { try work.run($0) }
        case .train:
            let work = TrainJob(index: index, above: try share("above", body.above, 0.5))
            return try services.jobs.start(.train) { try work.run($0) }
        }
    }
}
