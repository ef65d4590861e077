package reconciler.run;

import java.sql.SQLException;
import java.time.Duration;
import reconciler.database.Database;
import reconciler.database.Doorbell;

/// The database's bell for the express lane.
record DatabaseBell(Doorbell doorbell) implements ExpressLane.Bell {
    static DatabaseBell in(Database database) {
        return new DatabaseBell(database.doorbell(ExpressLane.CHANNEL));
    }

    @Override
    public boolean rang(Duration most) throws SQLException {
        return doorbell.rang(most);
    }

    @Override
    public void close() {
        doorbell.close();
    }
}
