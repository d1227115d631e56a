internal import COneDNN
internal import Foundation

/// Notices that other threads want the processors that networks are computed on, and has oneDNN's threads give way then.
///
/// They wait for each other by spinning, which is quickest as long as each has a processor to itself. With two programs
/// on the same processors, most time slices are spent so, and both take up to ten times as long. Belongs to the compute
/// thread: how often that was sent away before its time was up says whether there is anybody else.
struct Contention {
    private var isGivingWay = false
    /// When the last look was, in nanoseconds.
    private var lookedAt: UInt64 = 0
    /// How often the thread had been sent away by then.
    private var switches = 0
    /// Looks in a row that found nobody else.
    private var quiet = 0

    /// Nanoseconds between looks.
    private static let interval: UInt64 = 50_000_000
    /// Times a second that the thread is sent away where others want its processor; alone, it is some times a second.
    private static let limit = 40.0
    /// Looks without anybody after which threads spin again.
    private static let patience = 20

    /// To be called now and then, on the compute thread.
    mutating func look() {
        let now = DispatchTime.now().uptimeNanoseconds
        guard now - lookedAt >= Self.interval else { return }
        let total = Int(sdnn_times_sent_away())
        let rate = Double(total - switches) * 1e9 / Double(now - lookedAt)
        let isFirst = lookedAt == 0
        (lookedAt, switches) = (now, total)
        guard !isFirst else { return }
        quiet = rate > Self.limit ? 0 : quiet + 1
        let wanted = quiet == 0 || (isGivingWay && quiet < Self.patience)
        if wanted != isGivingWay {
            isGivingWay = wanted
            sdnn_give_way(wanted ? 1 : 0)
        }
    }
}
