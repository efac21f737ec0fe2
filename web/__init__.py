"""The dashboard: coordinators steer, papers come in, leaders and auditors see."""
