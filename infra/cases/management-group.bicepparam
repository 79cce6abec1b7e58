using '../managementGroup.bicep'

param principalId = '66666666-6666-6666-6666-666666666666'
param environmentName = 'private'
