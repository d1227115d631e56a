import Neural
import SoraModel
import Testing

/// Frames that go through the network a few at a time come out as if they had gone through at once.
@Suite struct PredictorTests {
    private let model: Model
    init() throws { model = try TestModels.model() }

    private func predictor(chunk: Int) throws -> Predictor {
        try Predictor(model, backend: OneDNNBackend(), maximumChunk: chunk)
    }

    /// Another number of frames is another plan, with other blocks in its sums: equal but for rounding.
    private let rounding = 1e-5

    @Test func chunksMakeNoDifference() throws {
        let frames = TestModels.frames(model.configuration, clips: 3)
        let whole = try predictor(chunk: 15).predict(frames, clips: 3)
        for chunk in [1, 2, 3, 4] {
            let predictor = try predictor(chunk: chunk)
            #expect(predictor.chunk <= chunk)
            let parts = try predictor.predict(frames, clips: 3)
            #expect(parts.count == 3)
            for (part, one) in zip(parts, whole) {
                expectClose(part.embedding, one.embedding.map(Double.init), rounding, "chunk \(chunk)")
                expectClose(part.probabilities, one.probabilities.map(Double.init), rounding, "chunk \(chunk)")
            }
        }
    }

    /// What fills up the last chunk, or went through before, is not seen: the same frame gives the same bits in any
    /// company.
    @Test func fillingDoesNotLeak() throws {
        let predictor = try predictor(chunk: 3)
        try #require(predictor.chunk == 3)
        let size = model.configuration.clip.size * model.configuration.clip.size * 3
        let frames = TestModels.frames(model.configuration, clips: 1)
        let all = try predictor.features(frames, count: 5)
        let width = all.count / 5
        #expect(try predictor.features(Array(frames.prefix(4 * size)), count: 4) == Array(all.prefix(4 * width)))
        #expect(try predictor.features(Array(frames.prefix(size)), count: 1) == Array(all.prefix(width)))
        let other = [UInt8](repeating: 255, count: 2 * size)
        #expect(try predictor.features(Array(frames.prefix(size)) + other, count: 3).prefix(width) == all.prefix(width))
        // And frames differ at all.
        #expect(all.prefix(width) != all.suffix(width))
    }

    @Test func aBatchIsItsClips() throws {
        let predictor = try predictor(chunk: 4)
        let one = model.configuration.clip.frames * model.configuration.clip.size * model.configuration.clip.size * 3
        let frames = TestModels.frames(model.configuration, clips: 4)
        let together = try predictor.predict(frames, clips: 4)
        for clip in 0..<4 {
            let alone = try predictor.predict(Array(frames[clip * one..<(clip + 1) * one]), clips: 1)[0]
            expectClose(alone.embedding, together[clip].embedding.map(Double.init), rounding, "clip \(clip)")
            expectClose(alone.probabilities, together[clip].probabilities.map(Double.init), rounding, "clip \(clip)")
        }
        #expect(together[0].embedding != together[1].embedding)
        // Asked again, the same bits.
        let again = try predictor.predict(frames, clips: 4)
        #expect(zip(again, together).allSatisfy { $0.embedding == $1.embedding })
    }

    @Test func embeddingsHaveLengthOne() throws {
        for embeddingSize in [nil, 1, 7] {
            let model = try TestModels.model(TestModels.configuration(embeddingSize: embeddingSize))
            let frames = TestModels.frames(model.configuration, clips: 2)
            for prediction in try Predictor(model, backend: OneDNNBackend()).predict(frames, clips: 2) {
                #expect(prediction.embedding.count == embeddingSize ?? 6)
                let length = prediction.embedding.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
                // Seven numbers of single precision.
                #expect(abs(length - 1) < 1e-6)
            }
        }
    }

    /// Frames in another order are another clip: the network reads them in time.
    @Test func timeMatters() throws {
        let predictor = try predictor(chunk: 5)
        let frames = TestModels.frames(model.configuration, clips: 1)
        let size = frames.count / 5
        let reversed = (0..<5).reversed().flatMap { frames[$0 * size..<($0 + 1) * size] }
        let (a, b) = (try predictor.predict(frames, clips: 1)[0], try predictor.predict(reversed, clips: 1)[0])
        #expect(zip(a.embedding, b.embedding).contains { abs($0 - $1) > 1e-3 })
    }

    @Test func framesOfAnotherCountAreRefused() throws {
        let predictor = try predictor(chunk: 4)
        let frames = TestModels.frames(model.configuration, clips: 1)
        #expect(try predictor.predict([], clips: 0).isEmpty)
        #expect(throws: ModelError.self) { try predictor.predict(frames, clips: 2) }
        #expect(throws: ModelError.self) { try predictor.predict(frames + [0], clips: 1) }
        #expect(throws: ModelError.self) { try predictor.features([], count: 0) }
        #expect(throws: ModelError.self) { try predictor.features([], count: -1) }
    }
}
