internal import COneDNN
internal import Foundation

/// Notices that other threads want the processors that networks are computed on, and has oneDNN's threads give way then.
///
/// They wait for each other by spinning, which is quickest as long as each has a processor to itself. With two programs
/// on the same processors, most time slices are spent so, and both take up to ten times as long. Belongs to the compute
/// thread: how often that is sent away in the middle of its work says whether there is anybody else.
package struct Contention {
    /// Whether oneDNN's threads are to give way.
    package private(set) var isGivingWay = false
    /// Nanoseconds of work since the last look, and how often the thread was sent away in them.
    private var worked: UInt64 = 0
    private var switches: Int64 = 0
    /// Looks in a row that say otherwise than what is done now.
    private var doubts = 0

    /// Nanoseconds of work between looks.
    private static let interval: UInt64 = 50_000_000
    /// Times a second that the thread is sent away where others want its processor: while all spin, at the end of each
    /// time slice, some milliseconds long; while they give way, whenever one of the others wakes up. Alone it is now and
    /// then, by the system.
    private static let (busySpinning, busyGivingWay) = (60.0, 300.0)
    /// Looks in a row that it takes to begin to give way, and to spin again.
    private static let (patienceSpinning, patienceGivingWay) = (2, 5)

    /// Does `work`, on the compute thread.
    mutating func watch(_ work: () -> Void) {
        let (start, before) = (DispatchTime.now().uptimeNanoseconds, sdnn_times_sent_away())
        work()
        worked += DispatchTime.now().uptimeNanoseconds - start
        switches += sdnn_times_sent_away() - before
        if worked >= Self.interval { look() }
    }

    private mutating func look() {
        let was = isGivingWay
        decide(Double(switches) * 1e9 / Double(worked))
        (worked, switches) = (0, 0)
        if isGivingWay != was { Self.giveWay(isGivingWay) }
    }

    package init() {}

    /// Decides anew by how many times a second the thread was sent away since it last did.
    package mutating func decide(_ rate: Double) {
        let isBusy = rate > (isGivingWay ? Self.busyGivingWay : Self.busySpinning)
        doubts = isBusy == isGivingWay ? 0 : doubts + 1
        guard doubts >= (isGivingWay ? Self.patienceGivingWay : Self.patienceSpinning) else { return }
        doubts = 0
        isGivingWay = isBusy
    }

    /// Has oneDNN's threads give way or spin, from their next wait on.
    package static func giveWay(_ wanted: Bool) { sdnn_give_way(wanted ? 1 : 0) }
}
