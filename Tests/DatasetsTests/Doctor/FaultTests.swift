import Datasets
import Foundation
import Media
import Testing

@Suite struct FaultTests {
    /// Two sound classes, and one file of each fault among them: each is found, and nothing else.
    @Test func everyFaultIsFound() throws {
        let folder = try DatasetFolder()
        try folder.motion("grow", count: 10)
        try folder.motion("turn-clockwise", count: 10)
        let moving = try Made.motion("move-left", 0, frames: 24)
        try folder.encode("grow/black.mp4", Made.plain(4, frames: 18))
        try folder.encode("grow/frozen.mp4", Made.frozen(moving))
        try folder.encode("grow/short.mp4", Made.cut(moving, first: 20))
        var uneven: [MediaTime] = []
        for frame in 0..<24 {
            let tick = 2 * frame + (frame % 3 == 0 ? 1 : 0)
            uneven.append(MediaTime(value: Int64(tick), timescale: 24))
        }
        try folder.encode("grow/uneven.mp4", Made.motion("move-up", 3, frames: 24), times: uneven)
        try folder.encode("grow/large.mp4", Made.motion("move-up", 4, frames: 18, size: 80))
        try folder.encode("grow/long.mp4", Made.motion("move-up", 5, frames: 72))
        let whole = try folder.encode("whole.mp4", Made.motion("shrink", 7, frames: 40, size: 96), quality: 1)
        let data = try Data(contentsOf: URL(fileURLWithPath: whole))
        try data.prefix(data.count * 6 / 10).write(to: URL(fileURLWithPath: folder.path + "/grow/truncated.mp4"))
        try FileManager.default.removeItem(atPath: whole)
        try folder.write("grow/text.mp4", "This is no video.\n")
        try folder.write("grow/empty.mp4")
        let diagnosis = diagnose(try Manifest(path: folder.path))
        #expect(diagnosis.files(.unreadable) == ["grow/text.mp4", "grow/empty.mp4"])
        #expect(diagnosis.files(.damaged) == ["grow/truncated.mp4"])
        #expect(diagnosis.files(.black) == ["grow/black.mp4"])
        #expect(diagnosis.files(.frozen) == ["grow/frozen.mp4"])
        #expect(diagnosis.files(.short) == ["grow/short.mp4"])
        #expect(diagnosis.files(.variableRate) == ["grow/uneven.mp4"])
        #expect(diagnosis.files(.oddSize) == ["grow/large.mp4", "grow/truncated.mp4"])
        #expect(diagnosis.files(.oddDuration) == ["grow/long.mp4", "grow/short.mp4"])
        let kinds = Set(diagnosis.problems.map(\.kind))
        #expect(
            kinds.isSubset(of: [
                .unreadable, .damaged, .black, .frozen, .short, .variableRate, .oddSize, .oddDuration, .oddRate,
                .partlyFrozen, .partlyBlack,
            ]), "\(kinds)")
        #expect(diagnosis.unusableCount == 2)
        // The gravest comes first, and every problem says what to do.
        #expect(diagnosis.problems.first?.kind == .unreadable)
        for problem in diagnosis.problems { #expect(problem.advice.hasSuffix(".") && !problem.title.isEmpty) }
    }

    @Test func nothingWrongIsNoProblem() throws {
        let folder = try DatasetFolder()
        try folder.motion("grow", count: 10)
        try folder.motion("shrink", count: 11)
        let diagnosis = diagnose(try Manifest(path: folder.path))
        #expect(diagnosis.problems.isEmpty, "\(diagnosis.problems)")
        #expect(diagnosis.usable.count == 21)
    }

    @Test func whatIsFoundIsTrue() throws {
        let folder = try DatasetFolder()
        let path = try folder.video("a/a.mp4", tone: 60, frames: 13)
        try folder.video("b/b.mp4", tone: 90, frames: 9)
        let facts = try #require(Examiner(try Manifest(path: folder.path)).examine()[0].facts)
        #expect((facts.frames, facts.width, facts.height, facts.codec) == (13, 40, 32, "h264"))
        #expect(abs(facts.rate - 10) < 1e-6 && abs(facts.seconds - 1.3) < 1e-6)
        #expect(!facts.hasAudio && !facts.variableRate && facts.damagedFrames == 0 && facts.blackFrames == 0)
        // Grey levels 60 to 108, the right tenth of the picture white.
        #expect(abs(facts.brightness - (84 * 0.9 + 25)) < 3)
        let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
        #expect(facts.fileSize == size)
    }

    @Test func classesAreCounted() throws {
        let folder = try DatasetFolder()
        for clip in 0..<3 { try folder.video("rare/\(clip).mp4", tone: 30 + 9 * clip, frames: 9) }
        for clip in 0..<16 { try folder.video("often/\(clip).mp4", tone: 30 + 9 * clip, frames: 9, width: 48) }
        let diagnosis = diagnose(try Manifest(path: folder.path))
        let kinds = diagnosis.problems.map(\.kind)
        #expect(kinds.contains(.fewClips) && kinds.contains(.imbalance) && !kinds.contains(.oneClass))
        let one = try DatasetFolder()
        try one.video("only/a.mp4", tone: 30, frames: 9)
        #expect(diagnose(try Manifest(path: one.path)).problems.first?.kind == .oneClass)
    }

    /// All of one class are of one size, all of the other of another.
    @Test func aSizeThatTellsTheClass() throws {
        let folder = try DatasetFolder()
        try folder.motion("grow", count: 12, size: 48)
        try folder.motion("shrink", count: 12, size: 64)
        let found = diagnose(try Manifest(path: folder.path)).problems.filter { $0.kind == .giveaway }
        #expect(found.map(\.title) == ["the size alone tells the class of 100 % of the clips"])
    }

    @Test func filesThatAreNotThere() throws {
        let folder = try DatasetFolder()
        try folder.video("a.mp4", tone: 60, frames: 9)
        try folder.video("b.mp4", tone: 90, frames: 9)
        let list = try folder.write("clips.csv", "path,label\na.mp4,x\nb.mp4,y\nc.mp4,y\n")
        let diagnosis = diagnose(try Manifest(path: list, missingFiles: .skip))
        #expect(diagnosis.unusableCount == 1)
        #expect(diagnosis.problems.first?.places.map(\.path) == [folder.path + "/c.mp4"])
    }

    /// Parts of one video are judged each by itself, by one decode.
    @Test func partsOfOneVideo() throws {
        let folder = try DatasetFolder()
        var frames = Made.plain(3, frames: 12)
        let moving = try Made.motion("grow", 0, frames: 24)
        frames.bytes += moving.bytes
        frames.times = Made.times(36)
        try folder.encode("v.mp4", frames)
        let list = try folder.write(
            "clips.csv", "path,label,start,end\nv.mp4,dark,,1\nv.mp4,bright,1,\nv.mp4,bright,5,6\n")
        let diagnosis = diagnose(try Manifest(path: list))
        #expect(diagnosis.clips.map { $0.facts?.frames } == [12, 24, nil])
        #expect(diagnosis.clips[0].facts?.blackFrames == 12 && diagnosis.clips[1].facts?.blackFrames == 0)
        #expect(diagnosis.clips[2].error?.contains("no frame lies between") == true)
    }

    @Test(.enabled(if: sharedData != nil)) func oddFilesOfTheCorpus() throws {
        let folder = try #require(sharedData) + "/videos"
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().filter { name in
            guard name.contains("."), !name.hasPrefix("derived") else { return false }
            let size = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder + "/" + name)).seekToEnd()
            return size < 120_000 && !name.hasSuffix(".tsv") && !name.hasSuffix(".md")
        }
        #expect(paths.count > 20)
        let items = paths.map { Manifest.Item(path: folder + "/" + $0, labels: [$0.hasSuffix("mp4") ? 0 : 1]) }
        let diagnosis = diagnose(Manifest(source: folder, classes: ["mp4", "other"], items: items))
        for clip in diagnosis.clips { #expect((clip.facts == nil) != (clip.error == nil)) }
        for facts in diagnosis.clips.compactMap(\.facts) { #expect(facts.isSound, "\(facts)") }
        #expect(diagnosis.usable.count > paths.count / 2)
    }
}
