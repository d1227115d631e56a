import Foundation
import Media
import Neural
import SoraModel
import Testing

/// Files in, predictions out: in order, and past the bad ones.
@Suite struct FilePredictorTests {
    private let folder: TemporaryFolder
    private let model: Model
    private let predictor: Predictor

    init() throws {
        folder = try TemporaryFolder()
        model = try TestModels.model()
        predictor = try Predictor(model, backend: OneDNNBackend())
    }

    private func files(_ count: Int) throws -> [String] {
        try (0..<count).map { index in
            let path = folder.file("\(index).mp4")
            try TestVideos.write(to: path, salt: UInt32(index))
            return path
        }
    }

    @Test func aBadFileDoesNotStopTheOthers() throws {
        var paths = try files(3)
        let broken = folder.file("broken.mp4")
        try Data("no video".utf8).write(to: URL(fileURLWithPath: broken))
        paths.insert(broken, at: 1)
        paths.append(folder.file("not there.mp4"))
        var seen: [(String, Bool)] = []
        try FilePredictor(predictor, format: model.configuration.clip).predict(paths) { path, outcome in
            switch outcome {
            case .success(let outcome):
                #expect(outcome.path == path && outcome.times.count == 5 && outcome.damagedCount == 0)
                seen.append((path, true))
            case .failure(let error):
                #expect("\(error)".contains(path))
                seen.append((path, false))
            }
        }
        #expect(seen.map(\.0) == paths)
        #expect(seen.map(\.1) == [true, false, true, true, false])
    }

    /// The same frames by hand give the same prediction.
    @Test func framesAreThoseOfTheClipFormat() throws {
        let path = try files(1)[0]
        let clip = model.configuration.clip
        let frames = try VideoReader(path: path).read(clip.specification.evaluationRequest())
        #expect(frames.count == 5 && frames.height == 24 && frames.width == 24)
        let expected = try predictor.predict(frames.bytes, clips: 1)[0]
        try FilePredictor(predictor, format: clip).predict([path]) { _, outcome in
            let found = try outcome.get()
            #expect(found.prediction.embedding == expected.embedding && found.times == frames.times)
        }
    }

    /// Nine frames, of which a part of three is asked for: they are repeated to make five.
    @Test func partsOfAFileAreRead() throws {
        let path = try files(1)[0]
        var files = FilePredictor(predictor, format: model.configuration.clip)
        files.start = MediaTime(value: 3, timescale: 10)
        files.end = MediaTime(value: 6, timescale: 10)
        try files.predict([path]) { _, outcome in
            let times = try outcome.get().times.map(\.seconds)
            #expect(times.count == 5 && times.allSatisfy { $0 >= 0.3 && $0 < 0.6 } && times == times.sorted())
        }
    }

    /// With frames reused, or other frames taken, it is said how much, and what came of it.
    @Test func shortcutsAreAccountedFor() throws {
        let path = try files(1)[0]
        let clip = model.configuration.clip
        var files = FilePredictor(format: clip) { [predictor] in predictor }
        var full: Prediction?
        try files.predict([path]) { _, outcome in
            let found = try outcome.get()
            #expect(found.reusedShare == 0 && found.largestDistance == 0 && found.cosineToFull == nil)
            full = found.prediction
        }
        files.comparesWithFull = true
        files.reuse = 255
        try files.predict([path]) { _, outcome in
            let found = try outcome.get()
            // Of five frames only the first went through.
            #expect(abs(found.reusedShare - 0.8) < 1e-12)
            let cosine = try #require(found.cosineToFull)
            #expect(abs(cosine - found.prediction.cosine(to: try #require(full))) < 1e-9 && cosine < 1)
        }
        (files.reuse, files.accuracy) = (nil, .fast)
        try files.predict([path]) { _, outcome in
            let found = try outcome.get()
            #expect(found.times.count == 5 && found.largestDistance >= found.meanDistance)
            let exact = try VideoReader(path: path).read(clip.specification.evaluationRequest()).times
            let distances = zip(found.times, exact).map { abs($0.seconds - $1.seconds) }
            #expect(abs(found.largestDistance - (distances.max() ?? 0)) < 1e-9)
            #expect(abs((found.cosineToFull ?? 0) - found.prediction.cosine(to: try #require(full))) < 1e-9)
        }
        // One key frame stands for all five, and goes through the network once.
        files.accuracy = .keys
        try files.predict([path]) { _, outcome in
            let found = try outcome.get()
            #expect(found.times.count == 5 && Set(found.times).count == 1 && abs(found.reusedShare - 0.8) < 1e-12)
        }
    }

    /// A predictor that cannot be made is an error of the whole, not of a file.
    @Test func thePredictorsErrorComesThrough() throws {
        struct Stop: Error {}
        let paths = try files(2)
        #expect(throws: Stop.self) {
            try FilePredictor(format: model.configuration.clip) { throw Stop() }.predict(paths) { _, _ in }
        }
    }

    @Test func framesAreFittedEvenly() {
        var frames = Frames(height: 1, width: 1)
        for value in 0..<3 {
            frames.bytes += [UInt8(value), UInt8(value), UInt8(value)]
            frames.times.append(MediaTime(value: Int64(value), timescale: 1))
            frames.indices.append(value)
        }
        func values(_ count: Int) -> [UInt8] {
            let bytes = frames.fitted(count: count)
            return stride(from: 0, to: bytes.count, by: 3).map { bytes[$0] }
        }
        #expect(values(3) == [0, 1, 2] && values(6) == [0, 0, 1, 1, 2, 2] && values(5) == [0, 0, 1, 1, 2])
        #expect(values(1) == [0])
    }

    /// What the caller throws ends the work.
    @Test func theCallersErrorComesThrough() throws {
        struct Stop: Error {}
        let paths = try files(2)
        var count = 0
        #expect(throws: Stop.self) {
            try FilePredictor(predictor, format: model.configuration.clip).predict(paths) { _, _ in
                count += 1
                throw Stop()
            }
        }
        #expect(count == 1)
    }
}
