internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Retrieval

/// Labels of segments: giving, taking, and which to give next.
struct LabelRoutes: Sendable {
    let services: Services

    private struct Body: Decodable { var name: String }

    private struct Labels: Encodable {
        var labels: [Catalogue.LabelCount]
    }

    private struct Next: Encodable, Sendable {
        var video: VideoAnswer
        var segment: SegmentAnswer
        /// How likely each label is, the likeliest first.
        var guesses: [Guess]

        struct Guess: Encodable, Sendable {
            var label: String
            var probability: Double
        }
    }

    func add(to router: RouterGroup<some RequestContext>) {
        router.get("/api/labels") { _, _ in
            let counts = try await services.lookups.run { catalogue, _ in try catalogue.labelCounts() }
            return try JSONAnswer.response(Labels(labels: counts))
        }
        router.get("/api/labels/next") { request, _ in
            let (count, library) = (try request.count(1), services.library)
            let next = try await services.searches.run { desk, _ -> [Next] in
                let (catalogue, tagger) = (desk.catalogue, try desk.tagger())
                let numbers =
                    try tagger?.mostUseful(in: catalogue, count: count) ?? catalogue.mostDifferent(count: count)
                let known = try catalogue.segments(numbers)
                return try numbers.compactMap { number in
                    guard let (segment, id) = known[number], let video = try catalogue.video(id) else { return nil }
                    let guesses = try tagger.map { zip($0.names, try $0.probabilities(segment.vector)) }?.map {
                        Next.Guess(label: $0, probability: $1)
                    }
                    return Next(
                        video: VideoAnswer(video, library), segment: try SegmentAnswer(segment, catalogue),
                        guesses: (guesses ?? []).sorted { $0.probability > $1.probability })
                }
            }
            return try JSONAnswer.response(next)
        }
        router.put("/api/segments/:id/labels") { request, context in
            let number = try context.parameters.require("id", as: Int64.self)
            let name = try await request.json(Body.self).name
            guard !name.allSatisfy(\.isWhitespace), name.count <= 200 else {
                throw Failure(.badRequest, "a label has 1 to 200 characters")
            }
            try await services.lookups.run { catalogue, _ in
                guard try catalogue.segments([number])[number] != nil else {
                    throw Failure(.notFound, "there is no segment \(number)")
                }
                try catalogue.label(number, Catalogue.Label(name: name, isGiven: true, probability: 1))
            }
            return Response(status: .noContent)
        }
        router.delete("/api/segments/:id/labels") { request, context in
            let number = try context.parameters.require("id", as: Int64.self)
            guard let name: String = try request.value("name") else {
                throw Failure(.badRequest, "say which: ?name=LABEL")
            }
            let had = try await services.lookups.run { catalogue, _ in try catalogue.removeLabel(name, from: number) }
            guard had else { throw Failure(.notFound, "segment \(number) has no label \(name)") }
            return Response(status: .noContent)
        }
    }
}
